// Puts the sections together, in the order of the page.
const SECTIONS = [['overview', 'Overview', overview], ['actors', 'Actors', actors], ['time', 'Time', timeline], ['outlets', 'Outlets', outlets], ['articles', 'Articles', articles], ['network', 'Network', network]];

function themeButton() {
  const button = document.getElementById('theme');
  const show = () => {
    button.setAttribute('aria-pressed', String(isDark()));
  };
  button.addEventListener('click', () => {
    setTheme(!isDark());
    show();
    redraw();
  });
  show();
}

function markCurrent(link, current) {
  if (current) link.setAttribute('aria-current', 'true');
  else link.removeAttribute('aria-current');
}

function navigation() {
  const list = document.getElementById('nav');
  SECTIONS.forEach(([id, name]) => list.append(h('li', {}, h('a', { href: `#${id}` }, name))));
  const marker = new IntersectionObserver((found) => found.filter((item) => item.isIntersecting).forEach((item) => {
    list.querySelectorAll('a').forEach((link) => markCurrent(link, link.getAttribute('href') === `#${item.target.id}`));
  }), { rootMargin: '-30% 0px -65% 0px' });
  SECTIONS.forEach(([id]) => marker.observe(document.getElementById(id)));
}

themeButton();
navigation();
SECTIONS.forEach(([id, , build]) => build(document.getElementById(id)));
document.getElementById('foot').textContent = `Made by stancewire from records of codebook ${CODEBOOK.name}. Labels are a model's, with the errors measured above; intervals are Wilson's, at 95 %. Articles that repeat another count once, except under Outlets.${DATA.meta.join_names ? ' Known spellings of a name count as one speaker.' : ''}`;
document.documentElement.dataset.ready = 'true';
