// Charts by ECharts (SVG). Each is drawn when it comes near the window, and again when theme or width change.
const drawn = new Set();

function palette() {
  const style = getComputedStyle(document.documentElement);
  const read = (name) => style.getPropertyValue(name).trim();
  const dark = isDark();
  return { shade: (colour) => (dark ? lift(colour) : colour), ink: read('--ink'), soft: read('--soft'), line: read('--line'), paper: read('--paper'), panel: read('--panel'), font: read('--ui').replace(/"/g, "'") };
}

// A third of white over a #rrggbb colour, so that dark ones stand out on a dark page.
function lift(colour) {
  const parts = [1, 3, 5].map((i) => Math.round(0.65 * parseInt(colour.slice(i, i + 2), 16) + 0.35 * 255));
  return `rgb(${parts.join(',')})`;
}

const DECALS = {
  plus: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1.5, 5], rotation: -Math.PI / 4, color: 'rgba(255,255,255,0.45)' },
  minus: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1.5, 5], rotation: Math.PI / 4, color: 'rgba(255,255,255,0.45)' },
  zero: { symbol: 'none' },
  none: { symbol: 'circle', dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.5, color: 'rgba(90,90,90,0.55)' },
};

function basics(colours) {
  return {
    animation: false,
    textStyle: { fontFamily: colours.font, color: colours.ink, fontSize: 12 },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
    tooltip: { confine: true, backgroundColor: colours.panel, borderColor: colours.line, textStyle: { color: colours.ink, fontSize: 12 } },
  };
}

function axisStyle(colours, more) {
  return {
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { color: colours.soft, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line } },
    ...more,
  };
}

function chart(host, options) {
  const box = h('div', { class: 'chart', role: 'img', 'aria-label': options.label });
  host.append(box);
  const entry = { box, options, instance: null, seen: false };
  entry.draw = () => {
    box.style.height = `${typeof options.height === 'function' ? options.height() : options.height}px`;
    if (!box.clientWidth) return;
    if (!entry.instance) entry.instance = echarts.init(box, null, { renderer: 'svg' });
    entry.instance.resize();
    const colours = palette();
    entry.instance.setOption({ ...basics(colours), ...options.build(colours, box.clientWidth) }, true);
    if (options.after) options.after(entry.instance);
  };
  entry.update = () => entry.seen && entry.draw();
  box.style.height = `${typeof options.height === 'function' ? options.height() : options.height}px`;
  drawn.add(entry);
  watcher.observe(box);
  return entry;
}

const watcher = new IntersectionObserver((found) => {
  found.filter((item) => item.isIntersecting).forEach((item) => {
    const entry = [...drawn].find((one) => one.box === item.target);
    if (entry && !entry.seen) {
      entry.seen = true;
      entry.draw();
    }
  });
}, { rootMargin: '300px' });

function redraw() {
  drawn.forEach((entry) => entry.update());
}

let resizing = 0;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(redraw, 120);
});
const PRINT_WIDTH = 680;
window.addEventListener('beforeprint', () => {
  drawn.forEach((entry) => {
    entry.seen = true;
    entry.box.style.width = `${PRINT_WIDTH}px`;
    entry.draw();
  });
});
window.addEventListener('afterprint', () => {
  drawn.forEach((entry) => {
    entry.box.style.width = '';
    entry.draw();
  });
});
window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

function tip(title, rows) {
  const list = h('table', { class: 'tip' });
  rows.forEach(([sign, name, value]) => list.append(h('tr', {}, h('td', {}, sign), h('td', {}, name), h('td', { class: 'num' }, value))));
  return h('div', {}, h('strong', {}, outside(title)), list);
}

// One stacked series per value of the side task; counts[row][value].
function sideSeries(counts, shares) {
  return SIDE.values.map((value, i) => ({
    name: `${mark(SIDE, i)} ${label(value)}`,
    type: 'bar',
    stack: 'side',
    barMaxWidth: 22,
    itemStyle: { color: value.colour, decal: DECALS[pattern(SIDE, i)] },
    emphasis: { focus: 'series' },
    data: counts.map((row) => (shares && total(row) ? row[i] / total(row) : row[i])),
  }));
}

function sideTip(names, counts) {
  return (items) => {
    const row = (Array.isArray(items) ? items[0] : items).dataIndex;
    const sum = total(counts[row]) || 1;
    return tip(names[row], counts[row].map((n, i) => [mark(SIDE, i), label(SIDE.values[i]), `${number(n)}  (${percent(n / sum)})`]));
  };
}

function sideLegend(colours) {
  return { top: 0, left: 0, itemWidth: 18, itemHeight: 11, textStyle: { color: colours.ink } };
}

// Horizontal stacked bars, one per name; the same figures follow as a table.
function sideBars(host, { title, names, counts, shares, what }) {
  const figure = h('figure', {}, h('h3', {}, title));
  host.append(figure);
  chart(figure, {
    label: `${title}. The same figures stand in the table below.`,
    height: 64 + 27 * names.length,
    build: (colours, width) => ({
      legend: sideLegend(colours),
      grid: { left: nameRoom(names, colours, width), right: 18, top: 34, bottom: 24 },
      xAxis: axisStyle(colours, { type: 'value', max: shares ? 1 : undefined, axisLabel: { color: colours.soft, formatter: shares ? percent : undefined, hideOverlap: true } }),
      yAxis: nameAxis(names, colours, width),
      tooltip: { ...basics(colours).tooltip, trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: sideTip(names, counts) },
      series: sideSeries(counts, shares),
    }),
  });
  figure.append(figuresTable(what, SIDE.values.map(label), names, counts));
}

const ruler = document.createElement('canvas').getContext('2d');

// Room for the names of a category axis, in pixels.
function nameRoom(names, colours, width) {
  ruler.font = `12px ${colours.font}`;
  const widest = Math.max(0, ...names.map((name) => ruler.measureText(name).width));
  return Math.ceil(Math.min(widest + 14, 230, 0.42 * width));
}

function nameAxis(names, colours, width) {
  const room = nameRoom(names, colours, width);
  return axisStyle(colours, { type: 'category', inverse: true, data: names, axisLabel: { color: colours.ink, width: room - 10, overflow: 'truncate', interval: 0 } });
}

function figuresTable(what, columns, names, rows) {
  const head = h('tr', {}, h('th', { scope: 'col' }, what), columns.map((name) => h('th', { scope: 'col', class: 'num' }, name)));
  const body = rows.map((row, i) => h('tr', {}, h('th', { scope: 'row' }, outside(names[i])), row.map((n) => h('td', { class: 'num' }, n === null ? '–' : String(n)))));
  const table = h('div', { class: 'scroll' }, h('table', {}, h('thead', {}, head), h('tbody', {}, body)));
  return h('details', { class: 'figures' }, h('summary', {}, 'Figures as a table'), table);
}
