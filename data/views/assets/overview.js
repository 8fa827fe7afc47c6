// What the batch holds, what the model is, and what to read the labels as.
function tile(value, name, more) {
  return h('div', { class: 'tile' }, h('dt', {}, name), h('dd', {}, h('span', { class: 'big' }, value), more ? h('span', { class: 'more' }, more) : null));
}

function tiles() {
  const t = DATA.totals;
  const counted = t.counted || 1;
  const rejected = total(Object.values(DATA.meta.rejected));
  const list = h('dl', { class: 'tiles' });
  list.append(tile(number(t.articles || 0), 'Articles', t.duplicates ? `${number(t.duplicates)} repeat another` : 'no repeats'));
  list.append(tile(number(t.sentences || 0), 'Sentences', t.repeated ? `${number(t.counted)} outside repeats` : null));
  if (t.speakers) list.append(tile(percent(t.attributed / counted), 'With a speaker', plural(t.speakers, 'speaker')));
  if (HAS_SIDES) {
    const counts = DATA.counts[SIDE.name];
    const sided = total(counts.filter((n, i) => SIDE.values[i].polarity));
    const parts = counts.map((n, i) => (SIDE.values[i].polarity ? `${mark(SIDE, i)} ${number(n)}` : '')).filter(Boolean);
    list.append(tile(percent(sided / counted), 'Take a side', parts.join('  ')));
  }
  list.append(tile(percent((t.review || 0) / counted), 'Need review', `? ${plural(t.review || 0, 'sentence')}`));
  list.append(tile(number(rejected), 'Rejected', rejected ? 'articles, see below' : 'articles'));
  return list;
}

function sharesTable(task) {
  const counts = DATA.counts[task.name];
  const sum = total(counts) || 1;
  const rows = task.values.map((value, i) => {
    const bar = h('span', { class: 'bar-cell', 'aria-hidden': 'true' }, paint(h('span', { class: `p-${task === SIDE ? pattern(task, i) : 'zero'}` }), value.colour));
    bar.firstChild.style.width = `${(100 * counts[i]) / Math.max(...counts, 1)}%`;
    return h('tr', {}, h('th', { scope: 'row', title: value.definition }, task === SIDE ? chip(task, i) : label(value)),
      h('td', { class: 'num' }, number(counts[i])), h('td', { class: 'num' }, percent(counts[i] / sum)), h('td', { class: 'wide' }, bar));
  });
  const head = h('tr', {}, ['Value', 'Sentences', 'Share'].map((name, i) => h('th', { scope: 'col', class: i ? 'num' : '' }, name)), h('td', {}));
  return h('table', { class: 'shares' }, h('caption', {}, task.title), h('thead', {}, head), h('tbody', {}, rows));
}

function qualityTable() {
  const { model, quality, measured_on: on } = DATA.meta;
  const box = h('div', { class: 'panel' }, h('h3', {}, 'The model'));
  box.append(h('p', {}, model ? h('code', {}, outside(model)) : 'The records name no model.'));
  if (!quality.length) {
    box.append(h('p', { class: 'soft' }, 'No measured quality was given with these records: read the figures as unproven.'));
    return box;
  }
  const rows = quality.map((q) => {
    const range = h('span', { class: 'range', 'aria-hidden': 'true' }, h('i', {}), h('b', {}));
    range.firstChild.style.left = `${100 * q.low}%`;
    range.firstChild.style.width = `${100 * (q.high - q.low)}%`;
    range.lastChild.style.left = `${100 * q.score}%`;
    const task = CODEBOOK.tasks.find((one) => one.name === q.task);
    return h('tr', {}, h('th', { scope: 'row' }, task ? short(task) : outside(q.task)), h('td', { class: 'num' }, q.score.toFixed(2)),
      h('td', { class: 'num' }, `${q.low.toFixed(2)}–${q.high.toFixed(2)}`), h('td', { class: 'wide' }, range));
  });
  const head = h('tr', {}, h('th', { scope: 'col' }, 'Task'), h('th', { scope: 'col', class: 'num' }, quality[0].metric), h('th', { scope: 'col', class: 'num' }, '95 % interval'), h('td', {}));
  box.append(h('table', { class: 'shares' }, h('caption', {}, 'Measured quality', on ? [' on ', outside(/^\w+$/.test(on) ? `the ${on} split` : on)] : null), h('thead', {}, head), h('tbody', {}, rows)));
  box.append(h('p', { class: 'soft' }, '1 is perfect. Each figure on this page inherits these errors.'));
  return box;
}

function rejectedTable() {
  const reasons = Object.entries(DATA.meta.rejected).sort((a, b) => b[1] - a[1]);
  if (!reasons.length) return null;
  const rows = reasons.map(([reason, n]) => h('tr', {}, h('th', { scope: 'row' }, outside(reason.replace(/_/g, ' '))), h('td', { class: 'num' }, number(n))));
  return h('div', {}, h('h3', {}, 'Rejected articles'), h('table', {}, h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Reason'), h('th', { scope: 'col', class: 'num' }, 'Articles'))), h('tbody', {}, rows)));
}

function definitions() {
  const box = h('details', { class: 'figures' }, h('summary', {}, 'What the labels mean'));
  CODEBOOK.tasks.forEach((task) => {
    const list = h('dl', { class: 'defs' });
    task.values.forEach((value, i) => list.append(h('dt', {}, task === SIDE ? chip(task, i) : label(value)), h('dd', {}, value.definition)));
    box.append(h('h4', {}, task.title), list);
  });
  return box;
}

function groupBars(host) {
  if (!SIDE || !GROUP) return;
  const rows = DATA.cross.group.map((counts, i) => ({ name: `${label(GROUP.values[i])} (${number(total(counts))})`, counts })).filter((row) => total(row.counts));
  rows.sort((a, b) => total(b.counts) - total(a.counts));
  if (rows.length) sideBars(host, { title: `${SIDE.title}, by ${GROUP.title.toLowerCase()}`, names: rows.map((r) => r.name), counts: rows.map((r) => r.counts), shares: true, what: GROUP.title });
}

function claimBars(host) {
  if (!SIDE || !CLAIM) return;
  const rows = DATA.cross.claim.map((counts, i) => ({ name: label(CLAIM.values[i]), counts })).filter((row) => total(row.counts));
  rows.sort((a, b) => total(b.counts) - total(a.counts));
  if (rows.length) sideBars(host, { title: `${CLAIM.title}, by ${short(SIDE).toLowerCase()}`, names: rows.map((r) => r.name), counts: rows.map((r) => r.counts), shares: false, what: CLAIM.title });
}

function overview(host) {
  const t = DATA.totals;
  const span = t.first ? (t.first === t.last ? day(t.first) : `${day(t.first)} – ${day(t.last)}`) : 'undated';
  document.getElementById('lede').textContent = [plural(t.articles || 0, 'article'), plural(t.sentences || 0, 'sentence'), t.outlets ? plural(t.outlets, 'outlet') : null, span].filter(Boolean).join(' · ');
  if (DATA.meta.note) host.append(h('p', { class: 'notice' }, outside(DATA.meta.note)));
  if (!t.articles) {
    host.append(h('p', { class: 'notice' }, 'No articles: the records are empty.'));
    return;
  }
  host.append(tiles());
  const charts = h('div', { class: 'cols' });
  host.append(charts);
  groupBars(charts);
  claimBars(charts);
  const charted = SIDE ? [ROLES.group, ROLES.claim] : [];
  const order = CODEBOOK.tasks.map((_, i) => i).filter((i) => !charted.includes(i)).sort((a, b) => (b === ROLES.side) - (a === ROLES.side));
  const tables = order.map((i) => h('div', { class: 'panel' }, sharesTable(CODEBOOK.tasks[i])));
  host.append(h('div', { class: 'cols three' }, ...tables, h('div', {}, qualityTable(), rejectedTable())), definitions());
}
