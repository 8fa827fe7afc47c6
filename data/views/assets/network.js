// Actors joined where they agree or conflict (Leifeld 2013, 2017), with a threshold.
const RELATIONS = { congruence: 'Agreement', conflict: 'Conflict', subtract: 'Agreement minus conflict' };
const NODE_SHAPES = [
  ['circle', '●'], ['rect', '■'], ['triangle', '▲'], ['diamond', '◆'], ['path://M0,0L10,0L5,9Z', '▼'],
  ['path://M5,0L6.5,3.4L10,3.8L7.4,6.3L8.1,10L5,8.1L1.9,10L2.6,6.3L0,3.8L3.5,3.4Z', '★'], ['path://M3,0H7V3H10V7H7V10H3V7H0V3H3Z', '✚'],
];
const READABLE_TIES = 70;

class Network {
  constructor(host) {
    const kinds = Object.keys(DATA.network).filter((kind) => DATA.network[kind].nodes.length > 1);
    this.kind = select('Actors', kinds.map((kind) => [kind, kind === 'speaker' ? 'Speakers' : 'Groups']), () => this.choose());
    this.relation = select('Tie', [['both', 'Agreement and conflict'], ...Object.entries(RELATIONS)].filter(([key]) => HAS_SIDES || key === 'congruence'), () => this.change());
    this.period = select('Period', [], () => this.change());
    this.norm = check('Divide by average activity', () => this.change());
    this.norm.control.checked = true;
    this.slider = h('input', { type: 'range', min: 0, max: 100, value: 0, step: 1, id: 'threshold', oninput: () => this.threshold() });
    this.value = h('output', { for: 'threshold' });
    const range = h('label', { class: 'field' }, h('span', {}, 'Show ties of at least ', this.value), this.slider);
    const save = (type) => h('button', { type: 'button', class: 'quiet', id: `save-${type}`, onclick: () => this.save(type) }, `Save ${type.toUpperCase()}`);
    host.append(h('p', { class: 'soft' }, `Two actors agree when both make the same type of claim on the same side, and conflict when they make it on opposite sides. Shown: the most active actors, at most 40. Groups are told by colour and by the shape of the node.`));
    host.append(h('div', { class: 'controls' }, this.kind.element, this.relation.element, this.period.element, this.norm.element, range, save('svg'), save('png')));
    this.figure = h('figure', { id: 'network-figure' });
    host.append(this.figure);
    this.pane = chart(this.figure, { label: 'Network of actors. The ties stand in the table below.', height: networkHeight, build: (c, width) => this.build(c, width) });
    this.key = h('p', { class: 'legend', id: 'network-key' });
    this.table = h('div', { class: 'scroll' });
    host.append(this.key, this.table);
    this.choose();
  }

  choose() {
    const { periods } = DATA.network[this.kind.control.value];
    const options = [['', 'Whole time'], ...periods.map((period, i) => [String(i), period.name])];
    this.period.control.replaceChildren(...options.map(([value, text]) => h('option', { value }, text)));
    this.period.element.hidden = !periods.length;
    this.change();
  }

  // The actors keep their places in every period, so that what changes is the ties.
  get data() {
    const whole = DATA.network[this.kind.control.value];
    const chosen = this.period.control.value;
    if (chosen === '') return whole;
    const period = whole.periods[Number(chosen)];
    return { nodes: whole.nodes.map((node, i) => ({ ...node, n: period.n[i] })), edges: period.edges };
  }

  // Ties of the chosen relation as {i, j, weight, kind}; conflicts are negative in "both" and "subtract".
  all() {
    const { nodes, edges } = this.data;
    const relation = this.relation.control.value;
    const ties = [];
    edges.forEach(([i, j, congruence, conflict]) => {
      const by = this.norm.control.checked ? (nodes[i].n + nodes[j].n) / 2 : 1;
      const add = (weight, kind) => weight && ties.push({ i, j, weight: weight / by, kind });
      if (relation !== 'conflict' && relation !== 'subtract') add(congruence, 'congruence');
      if (relation === 'conflict' || relation === 'both') add(conflict, 'conflict');
      if (relation === 'subtract') add(Math.abs(congruence - conflict), congruence > conflict ? 'congruence' : 'conflict');
    });
    return ties.sort((a, b) => b.weight - a.weight);
  }

  change() {
    this.ties = this.all();
    this.levels = [...new Set(this.ties.map((tie) => Number(tie.weight.toFixed(3))))].sort((a, b) => a - b);
    this.slider.max = Math.max(0, this.levels.length - 1);
    const readable = this.levels.findIndex((level) => this.ties.filter((tie) => tie.weight >= level - 5e-4).length <= READABLE_TIES);
    this.slider.value = readable < 0 ? this.levels.length - 1 : readable;
    this.threshold();
  }

  threshold() {
    const least = this.levels[Number(this.slider.value)] || 0;
    this.value.textContent = this.norm.control.checked ? least.toFixed(2) : String(Math.round(least));
    this.slider.setAttribute('aria-valuetext', this.value.textContent);
    this.shown = this.ties.filter((tie) => tie.weight >= least - 5e-4);
    this.pane.update();
    this.list();
    this.legend();
    say(`${plural(this.shown.length, 'tie')} shown`);
  }

  shape(group) {
    return NODE_SHAPES[Math.max(0, this.groups().indexOf(group)) % NODE_SHAPES.length];
  }

  groups() {
    return [...new Set(this.data.nodes.map((node) => node.g))].filter((g) => g >= 0);
  }

  nodeName(node) {
    if (this.kind.control.value !== 'group') return node.name;
    const value = GROUP.values.find((one) => one.name === node.name);
    return value ? label(value) : node.name;
  }

  build(colours, width) {
    const { nodes } = this.data;
    const most = Math.max(1, ...nodes.map((node) => node.n));
    const heaviest = Math.max(...this.shown.map((tie) => tie.weight), 1e-9);
    const box = { left: width < 700 ? 20 : 50, right: width < 700 ? 90 : 150, top: 36 };
    const linked = new Set(this.shown.flatMap((tie) => [tie.i, tie.j]));
    const tint = (kind) => colours.shade(tieColour(kind) || '#666666');
    return {
      tooltip: { ...basics(colours).tooltip, trigger: 'item', formatter: (item) => this.tip(item) },
      aria: { enabled: false },
      backgroundColor: colours.paper,
      series: [{
        type: 'graph', layout: 'none', roam: 'move', left: box.left, right: box.right, top: box.top, bottom: box.top,
        emphasis: { focus: 'adjacency', label: { show: true } },
        labelLayout: { hideOverlap: true },
        data: nodes.map((node, i) => ({
          name: String(i), x: (node.x * (width - box.left - box.right)) / 2, y: (node.y * (networkHeight() - 2 * box.top)) / 2, symbol: this.shape(node.g)[0], symbolSize: 10 + 26 * Math.sqrt(node.n / most),
          itemStyle: { color: colours.shade(node.g >= 0 ? GROUP.values[node.g].colour : '#888888'), borderColor: colours.ink, borderWidth: 1, opacity: linked.has(i) ? 1 : 0.35 },
          label: { show: true, formatter: () => shorten(this.nodeName(node)), position: 'right', color: colours.ink, textBorderColor: colours.paper, textBorderWidth: 3, fontSize: 12, opacity: linked.has(i) ? 1 : 0.5 },
        })),
        links: this.shown.map((tie) => ({
          source: tie.i, target: tie.j, tie,
          lineStyle: { color: tint(tie.kind), type: tie.kind === 'conflict' ? 'dashed' : 'solid', width: 1 + 5 * (tie.weight / heaviest), opacity: tie.kind === 'conflict' ? 0.5 : 0.7, curveness: tie.kind === 'conflict' ? 0.12 : 0 },
        })),
      }],
    };
  }

  tip(item) {
    const { nodes } = this.data;
    if (item.dataType === 'edge') {
      const { tie } = item.data;
      return tip(`${this.nodeName(nodes[tie.i])} – ${this.nodeName(nodes[tie.j])}`, [['', RELATIONS[tie.kind], tie.weight.toFixed(2)]]);
    }
    const node = nodes[item.dataIndex];
    return tip(this.nodeName(node), [['', node.g >= 0 ? label(GROUP.values[node.g]) : '', ''], ['', 'Statements that take a side', number(node.n)]]);
  }

  legend() {
    const parts = this.groups().map((g) => {
      return h('span', { class: 'sample' }, paint(h('span', { class: 'symbol', 'aria-hidden': 'true' }, this.shape(g)[1]), GROUP.values[g].colour), label(GROUP.values[g]));
    });
    const lines = [h('span', { class: 'sample' }, paint(h('span', { class: 'stroke solid' }), tieColour('congruence') || 'var(--soft)'), 'agreement'), HAS_SIDES ? h('span', { class: 'sample' }, paint(h('span', { class: 'stroke dashed' }), tieColour('conflict') || 'var(--soft)'), 'conflict') : null];
    this.key.replaceChildren(...lines.filter(Boolean), ...parts);
  }

  list() {
    const { nodes } = this.data;
    const rows = this.shown.slice(0, 25).map((tie) => h('tr', {}, h('th', { scope: 'row' }, outside(this.nodeName(nodes[tie.i]))), h('td', {}, outside(this.nodeName(nodes[tie.j]))), h('td', {}, tie.kind === 'conflict' ? '╌ conflict' : '— agreement'), h('td', { class: 'num' }, this.norm.control.checked ? tie.weight.toFixed(2) : String(Math.round(tie.weight)))));
    const head = h('tr', {}, ['Actor', 'Actor', 'Tie'].map((name) => h('th', { scope: 'col' }, name)), h('th', { scope: 'col', class: 'num' }, 'Weight'));
    const caption = h('caption', {}, `${plural(this.shown.length, 'tie')} among ${plural(nodes.length, 'actor')}${this.shown.length > 25 ? '; the 25 strongest' : ', strongest first'}`);
    this.table.replaceChildren(h('table', { class: 'grid', id: 'tie-table' }, caption, h('thead', {}, head), h('tbody', {}, rows)));
  }

  save(type) {
    this.pane.draw();
    const svg = this.pane.instance.renderToSVGString();
    const name = `network-${this.kind.control.value}.${type}`;
    if (type === 'svg') download(new Blob([svg], { type: 'image/svg+xml' }), name);
    else rasterise(svg, this.pane.instance.getWidth(), this.pane.instance.getHeight(), (blob) => download(blob, name));
    say(`Saved ${name}`);
  }
}

function networkHeight() {
  return window.innerWidth < 700 ? 420 : 620;
}

function tieColour(kind) {
  return SIDE?.values.find((value) => value.polarity === (kind === 'conflict' ? -1 : 1))?.colour;
}

function shorten(text) {
  return text.length > 28 ? `${text.slice(0, 27)}…` : text;
}

function rasterise(svg, width, height, done) {
  const picture = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  picture.onload = () => {
    const canvas = h('canvas', { width: 2 * width, height: 2 * height });
    canvas.getContext('2d').drawImage(picture, 0, 0, 2 * width, 2 * height);
    URL.revokeObjectURL(address);
    canvas.toBlob(done, 'image/png');
  };
  picture.onerror = () => say('The picture could not be drawn; save it as SVG instead');
  picture.src = address;
}

function download(blob, name) {
  const link = h('a', { download: name });
  link.href = URL.createObjectURL(blob);
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}

function network(host) {
  if (!Object.values(DATA.network).some((one) => one.nodes.length > 1)) {
    host.append(h('p', { class: 'notice' }, 'Fewer than two actors make statements that take a side: there is no network.'));
    return;
  }
  new Network(host);
}
