// Sides over time. A period without a sentence is a gap, and is drawn as one.
const LINE_SYMBOLS = ['circle', 'rect', 'triangle', 'diamond', 'emptyCircle', 'emptyRect', 'emptyTriangle', 'emptyDiamond'];
const LINE_DASHES = ['solid', 'dashed', 'dotted', [8, 3, 2, 3], [2, 2], [12, 4], [6, 2, 2, 2, 2, 2], [1, 3]];

function periodName(iso, unit) {
  if (unit === 'week') return `week of ${day(iso)}`;
  return new Date(`${iso}T00:00:00Z`).toLocaleDateString('en-GB', { month: 'short', year: 'numeric', timeZone: 'UTC' });
}

class Timeline {
  constructor(host) {
    this.unit = select('Period', [['month', 'Month'], ['week', 'Week']], () => this.update());
    if (DATA.time.month.axis.length < 4) this.unit.control.value = 'week';
    this.group = select('Group', [['', 'Everybody'], ...this.groups().map((g) => [String(g), label(GROUP.values[g])])], () => this.update());
    host.append(h('div', { class: 'controls' }, this.unit.element, GROUP ? this.group.element : null));
    if (DATA.totals.undated) host.append(h('p', { class: 'soft' }, `${plural(DATA.totals.undated, 'article')} without a date ${DATA.totals.undated === 1 ? 'is' : 'are'} left out.`));
    this.countsFigure = h('figure', {}, h('h3', { id: 'time-title' }));
    this.table = h('div', {});
    host.append(this.countsFigure);
    this.counts = chart(this.countsFigure, { label: 'Sentences per period and side. The same figures stand in the table below.', height: 300, build: (c) => this.buildCounts(c) });
    this.countsFigure.append(this.table);
    if (HAS_SIDES && GROUP) {
      const figure = h('figure', {}, h('h3', {}, 'Share of support among the sides taken, by group; no line where nobody took a side'));
      host.append(figure);
      this.lines = chart(figure, { label: 'Share of support per period and group, with gaps. The counts stand in the table above, by group.', height: 340, build: (c) => this.buildLines(c) });
    }
    this.update();
  }

  groups() {
    const sums = new Map();
    DATA.time.month.cells.forEach(([, g, , n]) => sums.set(g, (sums.get(g) || 0) + n));
    return [...sums.entries()].filter(([g]) => g >= 0).sort((a, b) => b[1] - a[1]).map(([g]) => g);
  }

  rows(group) {
    const { axis, cells } = DATA.time[this.unit.control.value];
    const rows = axis.map(() => SIDE.values.map(() => 0));
    cells.forEach(([p, g, side, n]) => { if (group === null || g === group) rows[p][side] += n; });
    return rows;
  }

  names() {
    const unit = this.unit.control.value;
    return DATA.time[unit].axis.map((iso) => periodName(iso, unit));
  }

  update() {
    const chosen = this.group.control.value;
    const who = chosen === '' ? 'everybody' : label(GROUP.values[Number(chosen)]);
    const rows = this.rows(chosen === '' ? null : Number(chosen));
    const shown = this.names().map((name, i) => [name, rows[i]]);
    const gaps = shown.filter(([, row]) => !total(row)).length;
    this.countsFigure.querySelector('h3').textContent = `Sentences by ${short(SIDE).toLowerCase()}: ${who}, by ${this.unit.control.value}`;
    this.table.replaceChildren(figuresTable('Period', SIDE.values.map(label), shown.map(([name]) => name), shown.map(([, row]) => (total(row) ? row : row.map(() => null)))));
    this.counts.update();
    if (this.lines) this.lines.update();
    say(`${who}: ${plural(shown.length, 'period')}, ${gaps} without a sentence`);
  }

  buildCounts(colours) {
    const rows = this.rows(this.group.control.value === '' ? null : Number(this.group.control.value));
    const names = this.names();
    const series = sideSeries(rows, false).map((one) => ({ ...one, data: one.data.map((n, i) => (total(rows[i]) ? n : '-')) }));
    const gaps = rows.some((row) => !total(row)) ? [gapBands(rows, colours)] : [];
    return {
      legend: sideLegend(colours),
      grid: { left: 46, right: 12, top: 34, bottom: 28 },
      xAxis: axisStyle(colours, { type: 'category', data: names, splitLine: { show: false } }),
      yAxis: axisStyle(colours, { type: 'value', minInterval: 1 }),
      tooltip: { ...basics(colours).tooltip, trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: (items) => periodTip(names, rows, names.indexOf(items[0].axisValue)) },
      series: [...series, ...gaps],
    };
  }

  buildLines(colours) {
    const names = this.names();
    const groups = this.groups().filter((g) => g !== GROUP.blank).slice(0, 7);
    const found = groups.map((g) => this.rows(g).map((row) => {
      const plus = total(row.filter((n, i) => SIDE.values[i].polarity === 1));
      const both = plus + total(row.filter((n, i) => SIDE.values[i].polarity === -1));
      return { plus, both, share: both ? plus / both : null };
    }));
    return {
      legend: { top: 0, left: 0, itemWidth: 30, textStyle: { color: colours.ink } },
      grid: { left: 46, right: 12, top: 70, bottom: 28 },
      xAxis: axisStyle(colours, { type: 'category', data: names, splitLine: { show: false } }),
      yAxis: axisStyle(colours, { type: 'value', min: 0, max: 1, axisLabel: { color: colours.soft, formatter: percent } }),
      tooltip: { ...basics(colours).tooltip, trigger: 'axis', formatter: (items) => tip(names[items[0].dataIndex], groups.map((g, k) => { const cell = found[k][items[0].dataIndex]; return ['', label(GROUP.values[g]), cell.both ? `${percent(cell.share)}  (${cell.plus} of ${cell.both})` : 'no side taken']; })) },
      series: groups.map((g, k) => ({
        name: label(GROUP.values[g]), type: 'line', connectNulls: false, showAllSymbol: true, symbol: LINE_SYMBOLS[k % 8], symbolSize: 8,
        color: colours.shade(GROUP.values[g].colour), lineStyle: { type: LINE_DASHES[k % 8], width: 2 }, data: found[k].map((cell) => cell.share),
      })),
    };
  }
}

function periodTip(names, rows, i) {
  return total(rows[i]) ? sideTip(names, rows)({ dataIndex: i }) : tip(names[i], [['', 'no sentence', '']]);
}

// A grey band for every period without a sentence.
function gapBands(rows, colours) {
  const band = (place, api) => {
    const width = api.size([1, 0])[0];
    const left = api.coord([api.value(0), 0])[0] - width / 2;
    return { type: 'rect', shape: { x: left, y: place.coordSys.y, width, height: place.coordSys.height }, style: { fill: colours.line, opacity: 0.6 } };
  };
  const empty = rows.map((row, i) => [i, 0, total(row)]).filter(([, , n]) => !n);
  return { name: 'no sentence', type: 'custom', silent: true, z: 0, itemStyle: { color: colours.line, decal: { symbol: 'none' } }, renderItem: band, data: empty.map(([i]) => [i, 0]) };
}

function timeline(host) {
  if (!SIDE || !DATA.time.month.axis.length) {
    host.append(h('p', { class: 'notice' }, 'No article carries a date, so there is nothing to order in time.'));
    return;
  }
  new Timeline(host);
}
