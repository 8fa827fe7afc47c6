// Who is carried where, and whether the same speaker reads the same everywhere.
const MATRIX_ROWS = 25;
const MATRIX_COLUMNS = 10;

function outletTable() {
  const rows = DATA.outlets.map((outlet) => h('tr', {}, h('th', { scope: 'row' }, outside(outlet.name)), h('td', { class: 'num' }, number(outlet.articles)), SIDE ? h('td', {}, mini(outlet.side)) : null));
  const head = h('tr', {}, h('th', { scope: 'col' }, 'Outlet'), h('th', { scope: 'col', class: 'num' }, 'Articles'), SIDE ? h('th', { scope: 'col' }, 'Sentences by side') : null);
  return h('div', { class: 'scroll' }, h('table', { class: 'grid' }, h('caption', { class: 'visually-hidden' }, 'Outlets'), h('thead', {}, head), h('tbody', {}, rows)));
}

function carriers() {
  return DATA.actors.map((row) => ({ name: DATA.speakers[row.s], by: new Map(row.by), n: row.n, o: row.o })).filter((row) => row.by.size);
}

function matrix(rows) {
  const columns = DATA.outlets.slice(0, MATRIX_COLUMNS);
  const cells = rows.map((row) => columns.map((_, i) => (row.by.has(i) ? row.by.get(i) : null)));
  const most = Math.max(1, ...cells.flat().filter(Boolean).map(total));
  const head = h('tr', {}, h('th', { scope: 'col' }, 'Speaker'), columns.map((outlet) => h('th', { scope: 'col', class: 'turn' }, outside(outlet.name))));
  const body = rows.map((row, r) => h('tr', {}, h('th', { scope: 'row' }, outside(row.name)), cells[r].map((counts) => heat(counts, most))));
  return h('div', { class: 'scroll' }, h('table', { class: 'grid heat' }, h('caption', {}, 'Statements of a speaker that an outlet carries, repeats included', HAS_SIDES ? '; the sign tells the side that prevails' : ''), h('thead', {}, head), h('tbody', {}, body)));
}

function heat(counts, most) {
  if (!counts) return h('td', { class: 'num none' }, h('span', { class: 'visually-hidden' }, 'none'));
  const n = total(counts);
  const net = HAS_SIDES ? SIDE.values.reduce((sum, value, i) => sum + (value.polarity || 0) * counts[i], 0) : 0;
  const which = SIDE ? SIDE.values.findIndex((value) => value.polarity === Math.sign(net) && net) : -1;
  const cell = h('td', { class: 'num', title: SIDE ? SIDE.values.map((value, i) => `${label(value)} ${counts[i]}`).join(', ') : '' }, number(n), which >= 0 ? h('span', { class: 'net' }, ` ${mark(SIDE, which)}`, h('span', { class: 'visually-hidden' }, label(SIDE.values[which]))) : null);
  cell.style.setProperty('--heat', `${Math.round(6 + (34 * n) / most)}%`);
  return cell;
}

class AcrossOutlets {
  constructor(host, rows) {
    this.rows = rows;
    this.who = select('Speaker', rows.map((row, i) => [String(i), row.name]), () => this.draw());
    this.figure = h('div', {});
    host.append(h('h3', {}, 'The same speaker across outlets'), h('div', { class: 'controls' }, this.who.element), this.figure);
    this.draw();
  }

  draw() {
    const row = this.rows[Number(this.who.control.value)];
    const found = [...row.by.entries()].map(([i, counts]) => ({ name: DATA.outlets[i].name, counts: counts.slice(0, SIDE.values.length) }));
    found.sort((a, b) => total(b.counts) - total(a.counts));
    [...drawn].filter((entry) => this.figure.contains(entry.box)).forEach((entry) => { drawn.delete(entry); if (entry.instance) entry.instance.dispose(); });
    this.figure.replaceChildren();
    sideBars(this.figure, { title: row.name, names: found.map((f) => f.name), counts: found.map((f) => f.counts), shares: false, what: 'Outlet' });
    say(`${row.name}: ${plural(found.length, 'outlet')}`);
  }
}

function outlets(host) {
  if (!DATA.outlets.length) {
    host.append(h('p', { class: 'notice' }, 'The records name no outlet.'));
    return;
  }
  host.append(outletTable());
  const rows = carriers();
  if (!rows.length) return;
  host.append(matrix(rows.slice(0, MATRIX_ROWS)));
  const several = rows.filter((row) => row.by.size > 1);
  if (SIDE && several.length) new AcrossOutlets(host, several);
  else host.append(h('p', { class: 'soft' }, 'No speaker is carried by more than one outlet.'));
}
