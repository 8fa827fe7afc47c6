// Shared ground: data, elements, labels. All text from records goes in by textContent, never as markup.
const DATA = JSON.parse(document.getElementById('data').textContent);
const CODEBOOK = DATA.codebook || window.STANCEWIRE_CODEBOOK;
const ROLES = CODEBOOK.roles;
const SIDE = CODEBOOK.tasks[ROLES.side];
const GROUP = CODEBOOK.tasks[ROLES.group];
const CLAIM = CODEBOOK.tasks[ROLES.claim];
const HAS_SIDES = Boolean(SIDE && SIDE.values.some((value) => value.polarity));

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'href') setAddress(element, value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

// Addresses were checked when the page was written; this is the second lock.
function setAddress(element, address) {
  if (/^(https?:\/\/|#|\.\.\/|[\w.\- ]+_files\/article-\d+\.html|article-\d+\.html)/i.test(address)) element.setAttribute('href', address);
}

// Text from outside in isolation: its direction cannot spill over.
function outside(text, className) {
  const element = h('bdi', { class: className, dir: 'auto' });
  element.textContent = text;
  return element;
}

const PROPER = new Set(GROUP ? GROUP.values.map((value) => value.name) : []);

// Groups are proper names; other values are common words.
function label(value) {
  const text = value.name.replace(/_/g, ' ');
  if (PROPER.has(value.name)) return text.replace(/(^| )(\p{L})/gu, (all, gap, letter) => gap + letter.toUpperCase());
  return text.charAt(0).toUpperCase() + text.slice(1);
}

// A task's short name; its title may be a whole phrase.
const short = (task) => label({ name: task.name });
const number = (n) => n.toLocaleString('en-GB');
const percent = (share) => `${Math.round(100 * share)} %`;
const total = (counts) => counts.reduce((sum, n) => sum + n, 0);
const plural = (n, one, many) => `${number(n)} ${n === 1 ? one : many || `${one}s`}`;

function day(iso) {
  if (!iso) return null;
  return new Date(`${iso}T00:00:00Z`).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
}

// A value's class decides its pattern: which side it takes, or its place where the codebook knows no sides.
function pattern(task, index) {
  const value = task.values[index];
  if (value.polarity === 1) return 'plus';
  if (value.polarity === -1) return 'minus';
  if (value.polarity === 0) return 'zero';
  return HAS_SIDES && task === SIDE ? 'none' : ['plus', 'minus', 'zero', 'none'][index % 4];
}

function mark(task, index) {
  return task.values[index].mark || label(task.values[index]).charAt(0);
}

function paint(element, colour) {
  element.style.setProperty('--c', colour);
  return element;
}

function chip(task, index) {
  if (!task || index < 0) return null;
  const value = task.values[index];
  const sign = paint(h('span', { class: `sign p-${pattern(task, index)}`, 'aria-hidden': 'true' }, mark(task, index)), value.colour);
  return h('span', { class: 'chip', title: value.definition }, sign, label(value));
}

// A stacked bar in a table cell, with its counts as text beside it: the text alone says everything.
function mini(counts) {
  const sum = total(counts);
  const bar = h('span', { class: 'mini-bar', 'aria-hidden': 'true' });
  const text = h('span', { class: 'mini-text' });
  counts.forEach((n, i) => {
    if (!n) return;
    const part = paint(h('span', { class: `p-${pattern(SIDE, i)}` }), SIDE.values[i].colour);
    part.style.width = `${(100 * n) / sum}%`;
    bar.append(part);
    const count = h('span', { title: `${label(SIDE.values[i])}: ${n}` });
    count.append(h('span', { 'aria-hidden': 'true' }, `${mark(SIDE, i)}\u2009${number(n)}`), h('span', { class: 'visually-hidden' }, `${label(SIDE.values[i])} ${n}; `));
    text.append(count);
  });
  return h('span', { class: 'mini' }, bar, text);
}

function say(text) {
  document.getElementById('live').textContent = text;
}

function setTheme(dark) {
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}

function isDark() {
  if (window.matchMedia('print').matches) return false;
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
}
