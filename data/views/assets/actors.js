// Speakers: a table to sort and filter; a row opens its statements.
function groupOptions() {
  const present = new Set(DATA.actors.map((row) => row.g));
  return [['', 'All groups'], ...(GROUP ? GROUP.values.map((value, i) => [String(i), label(value)]).filter((_, i) => present.has(i)) : [])];
}

function select(name, options, onchange) {
  const control = h('select', { onchange: () => onchange() }, options.map(([value, text]) => h('option', { value }, text)));
  return { control, element: h('label', { class: 'field' }, h('span', {}, name), control) };
}

function search(name, oninput) {
  const control = h('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', oninput: () => oninput() });
  return { control, element: h('label', { class: 'field' }, h('span', {}, name), control) };
}

function check(name, onchange) {
  const control = h('input', { type: 'checkbox', onchange: () => onchange() });
  return { control, element: h('label', { class: 'field tick' }, control, h('span', {}, name)) };
}

function statement(ref) {
  const article = DATA.articles[ref[0]];
  if (ref.length > 2) return { ref, text: ref[2], values: ref[3], percent: ref[4], review: ref[5] };
  const row = article.s[ref[1]];
  return { ref, text: row[S.text], values: row[S.values], percent: row[S.percent], review: row[S.review] };
}

function articleLink(index, sentence) {
  const article = DATA.articles[index];
  const at = sentence === undefined ? '' : sentence;
  if (article.p) return `${article.p}${sentence === undefined ? '' : `#s${at}`}`;
  return `#article-${index}${sentence === undefined ? '' : `-s${at}`}`;
}

function statementItem(ref) {
  const item = statement(ref);
  const article = DATA.articles[ref[0]];
  const side = SIDE ? item.values[ROLES.side] : -1;
  const sure = item.percent[ROLES.side];
  const about = h('p', { class: 'meta' }, chip(SIDE, side), sure === null || sure === undefined ? null : ` ${sure} %`);
  if (CLAIM && item.values[ROLES.claim] >= 0) about.append(' · ', label(CLAIM.values[item.values[ROLES.claim]]));
  if (item.review) about.append(' ', h('span', { class: 'tag review' }, '? needs review'));
  about.append(' · ', h('a', { href: articleLink(ref[0], ref[1]), class: 'to-article' }, outside(article.t)), ...(article.src ? [' · ', outside(article.src)] : []), article.d ? ` · ${day(article.d)}` : '');
  const words = h('p', { class: 'words' }, outside(item.text));
  return h('li', {}, words, about);
}

function sharePlace(row) {
  if (!row.m) return h('span', { class: 'soft' }, 'takes no side');
  const range = h('span', { class: 'range', 'aria-hidden': 'true' }, h('i', {}), h('b', {}));
  range.firstChild.style.left = `${100 * row.lo}%`;
  range.firstChild.style.width = `${100 * (row.hi - row.lo)}%`;
  range.lastChild.style.left = `${(100 * row.k) / row.m}%`;
  return h('span', { class: 'share' }, `${percent(row.k / row.m)} `, h('span', { class: 'soft' }, `${Math.round(100 * row.lo)}–${Math.round(100 * row.hi)}, n = ${row.m}`), range);
}

function topClaims(row) {
  const order = row.claim.map((n, i) => [n, i]).filter(([n]) => n).sort((a, b) => b[0] - a[0]).slice(0, 3);
  return order.map(([n, i]) => `${label(CLAIM.values[i])} ${n}`).join(', ');
}

const ACTOR_COLUMNS = [
  { key: 'name', name: 'Speaker', value: (r) => r.name.toLowerCase(), text: true, cell: null },
  GROUP && { key: 'group', name: 'Group', value: (r) => (r.g < 0 ? '' : label(GROUP.values[r.g])), text: true, cell: (r) => (r.g < 0 ? '–' : paint(h('span', { class: 'group' }, label(GROUP.values[r.g])), GROUP.values[r.g].colour)) },
  { key: 'n', name: 'Statements', value: (r) => r.n, number: true, cell: (r) => number(r.n) },
  SIDE && { key: 'side', name: short(SIDE), value: (r) => r.m, cell: (r) => mini(r.side) },
  HAS_SIDES && { key: 'share', name: 'Support among sides taken, 95 %', value: (r) => (r.m ? r.k / r.m : -1), cell: sharePlace },
  CLAIM && { key: 'claim', name: 'Claim types', value: (r) => topClaims(r), text: true, cell: (r) => h('span', { class: 'small' }, topClaims(r)) },
  { key: 'o', name: 'Outlets', value: (r) => r.o, number: true, cell: (r) => number(r.o) },
].filter(Boolean);

class ActorTable {
  constructor(host) {
    this.rows = DATA.actors.map((row, i) => ({ ...row, i, name: DATA.speakers[row.s] }));
    this.order = { key: 'n', up: false };
    this.limit = 20;
    this.text = search('Find a speaker', () => this.draw(true));
    this.group = select('Group', groupOptions(), () => this.draw(true));
    this.least = select('Statements', [['1', 'any number'], ['3', '3 or more'], ['10', '10 or more']], () => this.draw(true));
    this.sided = check('Only speakers who take a side', () => this.draw(true));
    host.append(h('div', { class: 'controls' }, this.text.element, GROUP ? this.group.element : null, this.least.element, HAS_SIDES ? this.sided.element : null));
    this.count = h('p', { class: 'soft', id: 'actor-count' });
    this.heads = ACTOR_COLUMNS.map((column) => this.head(column));
    this.body = h('tbody', {});
    this.more = h('button', { type: 'button', class: 'quiet', onclick: () => { this.limit += 50; this.draw(false); } }, 'Show more');
    const table = h('table', { class: 'grid', id: 'actor-table', 'aria-describedby': 'actor-count' }, h('caption', { class: 'visually-hidden' }, 'Speakers and their statements'), h('thead', {}, h('tr', {}, this.heads)), this.body);
    host.append(this.count, h('div', { class: 'scroll' }, table), this.more);
    this.draw(false);
  }

  head(column) {
    const button = h('button', { type: 'button', onclick: () => this.sort(column) }, column.name, h('span', { class: 'arrow', 'aria-hidden': 'true' }));
    return h('th', { scope: 'col', class: column.number ? 'num' : '', 'data-key': column.key }, button);
  }

  sort(column) {
    const same = this.order.key === column.key;
    this.order = { key: column.key, up: same ? !this.order.up : Boolean(column.text) };
    this.draw(false);
    say(`Sorted by ${column.name}, ${this.order.up ? 'ascending' : 'descending'}`);
  }

  chosen() {
    const words = this.text.control.value.trim().toLowerCase();
    const group = this.group.control.value;
    const least = Number(this.least.control.value);
    return this.rows.filter((row) => (!words || row.name.toLowerCase().includes(words)) && (group === '' || row.g === Number(group)) && row.n >= least && (!this.sided.control.checked || row.m));
  }

  draw(announce) {
    const column = ACTOR_COLUMNS.find((one) => one.key === this.order.key);
    const sign = this.order.up ? 1 : -1;
    const rows = this.chosen().sort((a, b) => {
      const [x, y] = [column.value(a), column.value(b)];
      return (x < y ? -sign : x > y ? sign : 0) || b.n - a.n || a.i - b.i;
    });
    this.heads.forEach((cell) => {
      const active = cell.dataset.key === this.order.key;
      if (active) cell.setAttribute('aria-sort', this.order.up ? 'ascending' : 'descending');
      else cell.removeAttribute('aria-sort');
      cell.querySelector('.arrow').textContent = active ? (this.order.up ? ' ▲' : ' ▼') : '';
    });
    this.body.replaceChildren(...rows.slice(0, this.limit).map((row) => this.row(row)));
    const all = DATA.totals.speakers;
    this.count.textContent = `${plural(rows.length, 'speaker')} of ${number(all)}${all > this.rows.length ? ` (the table holds the ${number(this.rows.length)} most quoted)` : ''}`;
    this.more.hidden = rows.length <= this.limit;
    if (announce) say(this.count.textContent);
  }

  row(row) {
    const button = h('button', { type: 'button', class: 'open', 'aria-expanded': 'false' }, outside(row.name));
    const cells = ACTOR_COLUMNS.map((column) => (column.key === 'name' ? h('th', { scope: 'row' }, button) : h('td', { class: column.number ? 'num' : '' }, column.cell(row))));
    const line = h('tr', {}, cells);
    button.addEventListener('click', () => this.toggle(row, line, button));
    return line;
  }

  toggle(row, line, button) {
    const open = button.getAttribute('aria-expanded') === 'true';
    button.setAttribute('aria-expanded', String(!open));
    if (open) {
      line.nextSibling.remove();
      return;
    }
    line.after(h('tr', { class: 'inner' }, h('td', { colspan: ACTOR_COLUMNS.length }, this.statements(row))));
    say(`${plural(row.n, 'statement')} of ${row.name}`);
  }

  statements(row) {
    const list = h('ol', { class: 'statements' });
    const sided = (ref) => (SIDE && SIDE.values[statement(ref).values[ROLES.side]]?.polarity ? 0 : 1);
    const refs = HAS_SIDES ? row.st.map((ref) => [sided(ref), ref]).sort((a, b) => a[0] - b[0]).map(([, ref]) => ref) : row.st;
    let shown = 0;
    const more = h('button', { type: 'button', class: 'quiet', onclick: () => add() }, 'More statements');
    const add = () => {
      refs.slice(shown, shown + 10).forEach((ref) => list.append(statementItem(ref)));
      shown = Math.min(row.st.length, shown + 10);
      more.hidden = shown >= row.st.length;
    };
    add();
    const missing = row.n - row.st.length;
    const rest = missing > 0 ? h('p', { class: 'soft' }, `${plural(missing, 'further statement')} stand in the article pages and the records.`) : null;
    return h('div', {}, list, more, rest);
  }
}

function shareChart(host) {
  const rows = DATA.actors.filter((row) => row.m >= 3).slice(0, 16).map((row) => ({ ...row, name: DATA.speakers[row.s], share: row.k / row.m }));
  if (!HAS_SIDES || rows.length < 2) return;
  rows.sort((a, b) => b.share - a.share || b.m - a.m);
  const names = rows.map((row) => `${row.name}  (${row.m})`);
  const title = 'Share of support among the sides that a speaker takes, with 95 % interval (number of statements that take a side)';
  const figure = h('figure', {}, h('h3', {}, title));
  host.append(figure);
  chart(figure, {
    label: `${title}. The table below has the same figures.`,
    height: 40 + 24 * rows.length,
    build: (colours, width) => ({
      grid: { left: nameRoom(names, colours, width), right: 40, top: 8, bottom: 24 },
      xAxis: axisStyle(colours, { type: 'value', min: 0, max: 1, axisLabel: { color: colours.soft, formatter: percent, hideOverlap: true } }),
      yAxis: nameAxis(names, colours, width),
      tooltip: { ...basics(colours).tooltip, trigger: 'item', formatter: (item) => { const r = rows[item.dataIndex]; return tip(r.name, [['', 'Support', `${r.k} of ${r.m}`], ['', 'Share', percent(r.share)], ['', '95 %', `${percent(r.lo)}–${percent(r.hi)}`]]); } },
      aria: { enabled: false },
      series: [
        { type: 'custom', renderItem: (p, api) => interval(api, colours), encode: { x: [1, 2], y: 0 }, data: rows.map((r, i) => [i, r.lo, r.hi]), z: 2 },
        { type: 'scatter', symbolSize: 10, data: rows.map((r, i) => ({ value: [r.share, i], itemStyle: { color: sideColour(r.share) }, symbol: r.share >= 0.5 ? 'circle' : 'diamond' })), z: 3, itemStyle: { borderColor: colours.ink, borderWidth: 1, opacity: 1 } },
      ],
    }),
  });
}

function interval(api, colours) {
  const [low, high] = [api.coord([api.value(1), api.value(0)]), api.coord([api.value(2), api.value(0)])];
  const line = (x1, y1, x2, y2) => ({ type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke: colours.soft, lineWidth: 2 } });
  return { type: 'group', children: [line(low[0], low[1], high[0], high[1]), line(low[0], low[1] - 4, low[0], low[1] + 4), line(high[0], high[1] - 4, high[0], high[1] + 4)] };
}

function sideColour(share) {
  const wanted = share >= 0.5 ? 1 : -1;
  return SIDE.values.find((value) => value.polarity === wanted)?.colour || '#767676';
}

function actors(host) {
  if (!DATA.actors.length) {
    host.append(h('p', { class: 'notice' }, 'No sentence names a speaker.'));
    return;
  }
  shareChart(host);
  new ActorTable(host);
}
