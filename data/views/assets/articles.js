// The list of articles with its filters, and the reader beside it.
function option(task, all) {
  return [['', all], ...(task ? task.values.map((value, i) => [String(i), label(value)]) : [])];
}

class Articles {
  constructor(host) {
    this.limit = 40;
    this.paged = DATA.articles.every((article) => article.p);
    const draw = () => this.draw(true);
    this.text = search(this.paged ? 'Find in titles' : 'Find in text', draw);
    this.side = select(SIDE ? short(SIDE) : '', option(SIDE, 'Any'), draw);
    this.group = select(GROUP ? short(GROUP) : '', option(GROUP, 'Any'), draw);
    this.claim = select(CLAIM ? short(CLAIM) : '', option(CLAIM, 'Any'), draw);
    this.outlet = select('Outlet', [['', 'All'], ...DATA.outlets.map((o) => [o.name, o.name])], draw);
    this.review = check('Needs review', draw);
    this.fresh = check('Hide repeats', draw);
    this.sortBy = select('Order', [['', 'as in the records'], ['d', 'newest first'], ['rev', 'most to review'], ['n', 'longest first'], ['t', 'title']], draw);
    const fields = [this.text, SIDE && this.side, GROUP && this.group, CLAIM && this.claim, DATA.outlets.length > 1 && this.outlet, this.sortBy, this.review, this.fresh];
    this.count = h('p', { class: 'soft', id: 'article-count' });
    this.list = h('ol', { class: 'article-list', 'aria-labelledby': 'article-count' });
    this.more = h('button', { type: 'button', class: 'quiet', onclick: () => { this.limit += 100; this.draw(false); } }, 'Show more');
    this.pane = h('div', { class: 'reader', id: 'reader', tabindex: -1, role: 'region', 'aria-label': 'Article' });
    host.append(h('div', { class: 'controls' }, fields.filter(Boolean).map((field) => field.element)), legend());
    host.append(h('div', { class: this.paged ? '' : 'split' }, h('div', { class: 'list-pane' }, this.count, this.list, this.more), this.paged ? null : this.pane));
    this.reader = new Reader(this.pane, DATA.speakers, (n) => articleLink(n));
    DATA.articles.forEach((article) => { if (article.of !== undefined) article.ot = DATA.articles[article.of].t; });
    this.draw(false);
    window.addEventListener('hashchange', () => this.follow());
    if (!this.follow()) this.open(DATA.articles.findIndex((article) => article.s), false);
  }

  wanted() {
    const value = (field) => (field.control.value === '' ? null : Number(field.control.value));
    return { words: this.text.control.value.trim().toLowerCase(), side: value(this.side), group: value(this.group), claim: value(this.claim), outlet: this.outlet.control.value, review: this.review.control.checked, fresh: this.fresh.control.checked };
  }

  // Does one sentence meet every filter about sentences? Null where no such filter is set.
  sentenceTest(want) {
    const tests = [];
    if (want.side !== null) tests.push((row) => row[S.values][ROLES.side] === want.side);
    if (want.group !== null) tests.push((row) => row[S.values][ROLES.group] === want.group);
    if (want.claim !== null) tests.push((row) => row[S.values][ROLES.claim] === want.claim);
    if (want.review) tests.push((row) => row[S.review]);
    if (want.words && !this.paged) tests.push((row) => `${row[S.text]} ${speakerName(DATA.speakers, row[S.speaker]) || ''}`.toLowerCase().includes(want.words));
    return tests.length ? (row) => tests.every((test) => test(row)) : null;
  }

  matches(article, want, test) {
    if (want.outlet && article.src !== want.outlet) return false;
    if (want.fresh && article.dup) return false;
    if (article.s) return !test || article.s.some(test) || Boolean(want.words && onlyWords(want) && article.t.toLowerCase().includes(want.words));
    return (want.side === null || article.side[want.side]) && (want.group === null || article.g.includes(want.group)) && (want.claim === null || article.c.includes(want.claim))
      && (!want.review || article.rev) && (!want.words || article.t.toLowerCase().includes(want.words));
  }

  draw(announce) {
    const want = this.wanted();
    this.test = this.sentenceTest(want);
    const found = DATA.articles.map((article, i) => [article, i]).filter(([article]) => this.matches(article, want, this.test));
    const key = this.sortBy.control.value;
    if (key === 't') found.sort((a, b) => a[0].t.localeCompare(b[0].t, 'en'));
    else if (key === 'd') found.sort((a, b) => (b[0].d || '').localeCompare(a[0].d || ''));
    else if (key) found.sort((a, b) => b[0][key] - a[0][key]);
    this.list.replaceChildren(...found.slice(0, this.limit).map(([article, i]) => this.item(article, i)));
    this.more.hidden = found.length <= this.limit;
    this.count.textContent = `${plural(found.length, 'article')} of ${number(DATA.articles.length)}`;
    if (this.current !== undefined) this.dim();
    if (announce) say(this.count.textContent);
  }

  item(article, i) {
    const link = h('a', { href: articleLink(i), class: 'headline' }, outside(article.t));
    if (i === this.current) link.setAttribute('aria-current', 'true');
    const line = h('p', { class: 'meta' }, [article.src && outside(article.src), article.d && day(article.d), plural(article.n, 'sentence')].filter(Boolean).flatMap((part, k) => (k ? [' · ', part] : [part])));
    if (article.rev) line.append(' ', h('span', { class: 'tag review' }, `? ${article.rev} to review`));
    const repeat = article.dup ? h('p', { class: 'tag dup' }, '⧉ Repeats ', article.of === undefined ? outside(article.dup) : h('a', { href: articleLink(article.of) }, outside(article.ot))) : null;
    return h('li', { 'data-article': i }, link, line, SIDE ? mini(article.side) : null, repeat);
  }

  open(index, focus) {
    const article = DATA.articles[index];
    if (!article || !article.s) return;
    this.current = index;
    this.reader.show(article, article.s);
    this.pane.scrollTop = 0;
    this.list.querySelectorAll('.headline').forEach((link) => link.removeAttribute('aria-current'));
    this.list.querySelector(`[data-article="${index}"] .headline`)?.setAttribute('aria-current', 'true');
    this.dim();
    if (focus) {
      this.pane.focus({ preventScroll: true });
      this.pane.scrollIntoView({ block: 'nearest' });
      say(`Article: ${article.t}`);
    }
  }

  dim() {
    this.reader.filter(this.test);
  }

  follow() {
    const found = /^#article-(\d+)(?:-s(\d+))?$/.exec(window.location.hash);
    if (!found || !DATA.articles[Number(found[1])]) return false;
    this.open(Number(found[1]), true);
    if (found[2] !== undefined) this.reader.go(Number(found[2]));
    return true;
  }
}

function onlyWords(want) {
  return want.side === null && want.group === null && want.claim === null && !want.review;
}

function legend() {
  if (!SIDE) return null;
  const samples = SIDE.values.map((value, i) => h('span', { class: 'sample' }, paint(h('span', { class: `s p-${pattern(SIDE, i)}` }, aside(i) ? null : h('span', { class: 'sup' }, mark(SIDE, i)), label(value)), value.colour)));
  return h('p', { class: 'legend' }, samples, h('span', { class: 'sample' }, h('span', { class: 's to-review' }, h('span', { class: 'sup ask' }, '?'), 'Needs review')));
}

function articles(host) {
  if (!DATA.articles.length) return;
  new Articles(host);
}
