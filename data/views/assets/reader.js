// One article: every sentence marked, details on hover and on focus.
const S = { title: 0, gap: 1, text: 2, speaker: 3, from: 4, to: 5, values: 6, percent: 7, review: 8 };

function speakerName(names, index) {
  return index < 0 ? null : names[index];
}

// A value outside the sides is the plain state of a sentence: it needs no sign in the running text.
function aside(side) {
  return HAS_SIDES && SIDE.values[side].polarity === null;
}

class Reader {
  constructor(host, names, links, heading = 'h3') {
    this.heading = heading;
    this.host = host;
    this.names = names;
    this.links = links;
    this.card = h('div', { class: 'card', role: 'tooltip', id: 'card', hidden: true });
    document.body.append(this.card);
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.hide());
    window.addEventListener('scroll', () => this.follow(), { passive: true, capture: true });
  }

  show(head, sentences) {
    this.sentences = sentences;
    this.spans = [];
    const titleRows = sentences.filter((row) => row[S.title]);
    const heading = h(this.heading, { class: 'article-title' });
    if (titleRows.length) this.fill(heading, 0, titleRows.length);
    else heading.append(outside(head.t));
    const body = h('div', { class: 'article-text', lang: CODEBOOK.language, onkeydown: (event) => this.keys(event) });
    let paragraph = null;
    let speaker = -1;
    sentences.forEach((row, index) => {
      if (row[S.title]) return;
      if (row[S.gap] === 2 || !paragraph) {
        paragraph = h('p', {});
        body.append(paragraph);
        speaker = -1;
      } else if (row[S.gap]) paragraph.append(' ');
      if (row[S.speaker] >= 0 && row[S.speaker] !== speaker) paragraph.append(this.who(row), ' ');
      speaker = row[S.speaker];
      paragraph.append(this.span(row, index));
    });
    const hint = h('p', { class: 'hint' }, 'Point at a sentence, or tab to the text and use the arrow keys, to see who speaks and how sure the model is.');
    this.host.replaceChildren(heading, this.meta(head), hint, body, ...this.leftOut(head, sentences));
    if (this.spans.length) this.spans.find(Boolean).tabIndex = 0;
  }

  leftOut(head, sentences) {
    const missing = head.n - sentences.length;
    return missing > 0 ? [h('p', { class: 'notice' }, `${plural(missing, 'further sentence')} of this very long article stand in the records only.`)] : [];
  }

  fill(heading, from, to) {
    heading.addEventListener('keydown', (event) => this.keys(event));
    for (let i = from; i < to; i += 1) heading.append(this.span(this.sentences[i], i), ' ');
  }

  meta(head) {
    const parts = [head.src && outside(head.src), head.d && h('time', { datetime: head.d }, day(head.d)), plural(head.n, 'sentence')];
    if (head.u) parts.push(h('a', { href: head.u, rel: 'noopener noreferrer nofollow', target: '_blank' }, 'Original page'));
    const line = h('p', { class: 'meta' });
    parts.filter(Boolean).forEach((part, i) => line.append(i ? ' · ' : '', part));
    if (head.rev) line.append(' · ', h('span', { class: 'tag review' }, `? ${number(head.rev)} to review`));
    return h('div', {}, line, this.duplicate(head), SIDE ? mini(head.side) : null);
  }

  duplicate(head) {
    if (!head.dup) return null;
    const original = head.of === undefined ? outside(head.dup) : h('a', { href: this.links(head.of) }, outside(head.ot || head.dup));
    return h('p', { class: 'tag dup' }, '⧉ Repeats ', original);
  }

  who(row) {
    const group = GROUP ? row[S.values][ROLES.group] : -1;
    const chipElement = h('span', { class: 'who' }, outside(speakerName(this.names, row[S.speaker])));
    if (group >= 0) {
      paint(chipElement, GROUP.values[group].colour);
      chipElement.append(h('span', { class: 'who-group' }, label(GROUP.values[group])));
    }
    return chipElement;
  }

  span(row, index) {
    const side = SIDE ? row[S.values][ROLES.side] : -1;
    const element = h('span', { class: `s${row[S.review] ? ' to-review' : ''}`, id: `s${index}`, tabindex: -1, role: 'note' });
    if (side >= 0) {
      element.classList.add(`p-${pattern(SIDE, side)}`);
      element.dataset.side = side;
      paint(element, SIDE.values[side].colour);
      if (!aside(side)) element.append(h('span', { class: 'sup', 'aria-hidden': 'true' }, mark(SIDE, side)));
    }
    if (row[S.review]) element.append(h('span', { class: 'sup ask', 'aria-hidden': 'true' }, '?'));
    element.append(h('span', { class: 'visually-hidden' }, `${this.spoken(row)}: `));
    const text = outside('', 'words');
    const [from, to] = [row[S.from], row[S.to]];
    if (from >= 0 && to > from) text.append(row[S.text].slice(0, from), h('span', { class: 'mention' }, row[S.text].slice(from, to)), row[S.text].slice(to));
    else text.textContent = row[S.text];
    element.append(text);
    element.addEventListener('mouseenter', () => this.details(element, row, index));
    element.addEventListener('mouseleave', () => document.activeElement !== element && this.hide());
    element.addEventListener('focus', () => this.details(element, row, index));
    element.addEventListener('blur', () => this.hide());
    this.spans[index] = element;
    return element;
  }

  spoken(row) {
    const side = SIDE && row[S.values][ROLES.side] >= 0 ? label(SIDE.values[row[S.values][ROLES.side]]) : '';
    const name = speakerName(this.names, row[S.speaker]);
    return [name, side, row[S.review] ? 'needs review' : ''].filter(Boolean).join(', ') || 'Sentence';
  }

  details(element, row, index) {
    const list = h('dl', {});
    const name = speakerName(this.names, row[S.speaker]);
    if (name) list.append(h('dt', {}, 'Speaker'), h('dd', {}, outside(name)));
    CODEBOOK.tasks.forEach((task, i) => {
      const value = row[S.values][i];
      if (value < 0) return;
      const sure = row[S.percent][i];
      const figure = sure === null ? null : h('span', { class: 'sure' }, meter(sure), `${sure} %`);
      list.append(h('dt', {}, short(task)), h('dd', {}, i === ROLES.side ? chip(task, value) : label(task.values[value]), figure));
    });
    const notice = row[S.review] ? h('p', { class: 'tag review' }, '? Needs review: the model is not sure enough') : null;
    this.card.replaceChildren(h('p', { class: 'card-head' }, `Sentence ${index + 1}`), list, ...(notice ? [notice] : []));
    this.card.hidden = false;
    this.shown = element;
    element.setAttribute('aria-describedby', 'card');
    this.place(element);
  }

  place(element) {
    const box = element.getClientRects()[0] || element.getBoundingClientRect();
    const card = this.card.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, window.innerWidth - card.width - 8));
    const last = element.getBoundingClientRect();
    const below = last.bottom + 8;
    const top = below + card.height < window.innerHeight ? below : Math.max(8, box.top - card.height - 8);
    this.card.style.left = `${left}px`;
    this.card.style.top = `${top}px`;
  }

  follow() {
    if (!this.card.hidden) this.place(this.shown);
  }

  hide() {
    this.card.hidden = true;
  }

  keys(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const here = this.spans.indexOf(document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    const next = this.spans[Math.max(0, Math.min(this.spans.length - 1, here + step))];
    this.focus(next, false);
  }

  focus(span, flash) {
    if (!span) return;
    this.spans.forEach((other) => { other.tabIndex = -1; });
    span.tabIndex = 0;
    span.scrollIntoView({ block: 'nearest' });
    span.focus({ preventScroll: true });
    if (flash) {
      span.classList.add('here');
      setTimeout(() => span.classList.remove('here'), 2500);
    }
  }

  go(index) {
    const span = this.spans[index];
    if (span) span.scrollIntoView({ block: 'center' });
    this.focus(span, true);
  }

  // Mark what a filter asks for: the rest of the text stays, fainter.
  filter(keep) {
    let kept = 0;
    this.sentences.forEach((row, i) => {
      const stays = !keep || keep(row);
      kept += stays ? 1 : 0;
      this.spans[i].classList.toggle('dim', !stays);
    });
    return kept;
  }
}

function meter(value) {
  const bar = h('span', { class: 'meter', 'aria-hidden': 'true' }, h('span', {}));
  bar.firstChild.style.width = `${value}%`;
  return bar;
}
