// SPDX-License-Identifier: Apache-2.0
// Draws a measurement (src/nlu/page.h): a part for each member that the data has. No library, no request.
'use strict'
const texts = JSON.parse(document.getElementById('texts').textContent)
const data = JSON.parse(document.getElementById('data').textContent)
const page = document.getElementById('page')
const language = document.documentElement.lang

/** A text, its {names} replaced. */
const say = (key, values = {}) => (texts['measure.' + key] ?? key).replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all)
const percent = (x, digits = 1) => (x == null ? '–' : (x * 100).toFixed(digits) + ' %')
const points = (x) => (x > 0 ? '+' : x < 0 ? '−' : '±') + Math.abs(x * 100).toFixed(1)
const count = (x) => new Intl.NumberFormat(language).format(x)

/** An element: attributes, then children (text or elements). Texts are never read as HTML. */
function el(tag, attributes = {}, ...children) {
  const e = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value)
    else if (value != null && value !== false) e.setAttribute(name, value === true ? '' : value)
  }
  e.append(...children.filter((c) => c != null))
  return e
}

const labels = data.labels ?? []
const place = new Map(labels.map((l, i) => [l.label, i]))
const nameOf = (id) => (id === 'oos' ? say('oos') : labels[place.get(id)]?.name || id)
const groupOf = (l) => texts['measure.group.' + l.group] ?? l.group
/** An intent as people call it, its id beside it. */
const intent = (id) => {
  const name = nameOf(id)
  return el('span', {}, name, name !== id ? el('span', { class: 'id' }, ' ' + id) : null)
}

function section(title, lead, ...children) {
  page.append(el('section', {}, el('h2', {}, title), lead ? el('p', { class: 'soft' }, lead) : null, ...children))
}

function drawHead() {
  document.title = `${say(data.kind + '.title')} · ${data.measured}`
  page.append(el('h1', {}, say(data.kind + '.title')),
    el('p', { class: 'lead' }, say('measured', { what: data.measured, rows: data.file })))
  const tiles = [
    ['accuracy', percent], ['macro_f1', percent], ['sure', percent], ['sure_accuracy', percent], ['sure_and_wrong', percent],
    ['oos_recall', percent], ['top1', percent], ['top3', percent], ['mrr', (x) => x.toFixed(3)], ['rows', count],
    ['entries', count], ['queries', count], ['rejected', count], ['queries_per_second', count],
    ['microseconds_per_query', (x) => x.toFixed(1) + ' µs'],
  ].filter(([key]) => data.figures[key] != null)
  page.append(el('section', { class: 'tiles' },
    ...tiles.map(([key, form]) => el('div', {}, el('b', {}, form(data.figures[key])), el('span', {}, say('figure.' + key))))))
}

// ---- comparison -----------------------------------------------------------------------------------------------------

function changeTable(rows) {
  const column = (key) => el('th', {}, say('change.' + key))
  const cell = (key, ...children) => el('td', { 'data-name': say('change.' + key) }, ...children)
  return el('div', { class: 'scroll' }, el('table', { class: 'words' },
    el('thead', {}, el('tr', {}, ...['text', 'truth', 'said', 'other'].map(column))),
    el('tbody', {}, ...rows.map((r) => el('tr', {}, el('td', {}, r.text), cell('truth', intent(r.truth)),
      cell('said', intent(r.said)), cell('other', intent(r.said_by_other)))))))
}

/** Rows in a table that opens on demand. */
function longTable(rows, table, first = 12) {
  const where = el('div', {}, table(rows.slice(0, first)))
  if (rows.length > first)
    where.append(el('div', { class: 'tabs' },
      el('button', { type: 'button', onclick: () => where.replaceChildren(table(rows)) }, say('all', { n: count(rows.length) }))))
  return where
}

function drawComparison(c) {
  const lists = { regressions: c.regressions, improvements: c.improvements }
  const where = el('div')
  const buttons = Object.keys(lists).map((key) => el('button', { type: 'button', onclick: () => show(key) },
    say('compare.' + key, { n: count(lists[key].length) })))
  const show = (key) => {
    buttons.forEach((b, i) => b.setAttribute('aria-pressed', Object.keys(lists)[i] === key))
    where.replaceChildren(lists[key].length ? longTable(lists[key], changeTable) : el('p', { class: 'soft' }, say('none')))
  }
  const verdict = c.low > 0 ? 'better' : c.high < 0 ? 'worse' : 'open'
  section(say('compare.title', { other: data.other }), null,
    el('p', {}, el('b', { class: c.low > 0 ? 'good' : c.high < 0 ? 'bad' : null }, say('compare.' + verdict)), ' ',
      say('compare.figures', { difference: points(c.difference), low: points(c.low), high: points(c.high),
        now: percent(c.accuracy), before: percent(c.other_accuracy), rows: count(c.rows) })),
    el('div', { class: 'tabs' }, ...buttons), where)
  show('regressions')
}

// ---- heat map -------------------------------------------------------------------------------------------------------

function drawHeat(pairs) {
  const cells = pairs.map((p) => ({ ...p, x: place.get(p.said), y: place.get(p.truth) }))
  const most = Math.max(1, ...cells.map((c) => c.rows))
  const canvas = el('canvas', { tabindex: 0, role: 'img', 'aria-label': say('heat.label'), 'aria-describedby': 'cell' })
  const readout = el('div', { class: 'cell', id: 'cell', 'aria-live': 'polite' })
  let chosen = cells[0]

  function tell(cell) {
    chosen = cell
    readout.replaceChildren(
      el('p', {}, el('b', {}, say('heat.count', { n: count(cell.rows) })), el('br'),
        el('span', { class: 'soft' }, say('heat.truth')), ' ', intent(cell.truth), el('br'),
        el('span', { class: 'soft' }, say('heat.said')), ' ', intent(cell.said)),
      el('ul', {}, ...cell.examples.map((e) => el('li', {}, e.text))))
    paint()
  }

  function paint() {
    const colour = getComputedStyle(document.documentElement)
    const ink = (name) => colour.getPropertyValue('--' + name).trim()
    const side = canvas.clientWidth * devicePixelRatio
    const step = side / labels.length
    canvas.width = canvas.height = side
    const g = canvas.getContext('2d')
    g.fillStyle = ink('card')
    g.fillRect(0, 0, side, side)
    g.fillStyle = ink('grid')
    labels.forEach((l, i) => { // lines between groups
      if (i === 0 || labels[i - 1].group === l.group) return
      g.fillRect(i * step, 0, devicePixelRatio, side)
      g.fillRect(0, i * step, side, devicePixelRatio)
    })
    g.fillStyle = ink('diagonal')
    labels.forEach((l, i) => { // how much of it was right
      const part = step * (l.recall ?? 0)
      g.fillRect(i * step + (step - part) / 2, i * step + (step - part) / 2, part, part)
    })
    const dot = Math.max(step, 3.5 * devicePixelRatio) // one wrong row has to be seen on a phone too
    for (const c of [...cells].reverse()) {
      g.globalAlpha = most > 1 ? 0.35 + 0.65 * Math.log(c.rows) / Math.log(most) : 1
      g.fillStyle = ink('cell')
      g.fillRect((c.x + 0.5) * step - dot / 2, (c.y + 0.5) * step - dot / 2, dot, dot)
    }
    g.globalAlpha = 1
    if (!chosen) return
    g.strokeStyle = ink('ink')
    g.lineWidth = 1.5 * devicePixelRatio
    const ring = dot + 6 * devicePixelRatio
    g.strokeRect((chosen.x + 0.5) * step - ring / 2, (chosen.y + 0.5) * step - ring / 2, ring, ring)
  }

  /** The cell nearest to a place for which `fits` holds. */
  function nearest(x, y, fits = () => true) {
    let best = null, least = Infinity
    for (const c of cells) {
      const far = (c.x - x) ** 2 + (c.y - y) ** 2
      if (far < least && fits(c)) [best, least] = [c, far]
    }
    return best
  }
  function point(event) {
    const box = canvas.getBoundingClientRect()
    const at = (v, size) => v / size * labels.length - 0.5
    const cell = nearest(at(event.clientX - box.left, box.width), at(event.clientY - box.top, box.height))
    if (cell && cell !== chosen) tell(cell)
  }
  const ways = { ArrowLeft: (c) => c.x < chosen.x && c.y === chosen.y, ArrowRight: (c) => c.x > chosen.x && c.y === chosen.y,
    ArrowUp: (c) => c.y < chosen.y, ArrowDown: (c) => c.y > chosen.y }
  canvas.addEventListener('pointermove', point)
  canvas.addEventListener('pointerdown', point)
  canvas.addEventListener('keydown', (event) => {
    if (!chosen || !ways[event.key]) return
    event.preventDefault()
    const cell = nearest(chosen.x, chosen.y, ways[event.key])
    if (cell) tell(cell)
  })
  new ResizeObserver(paint).observe(canvas)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint)

  const groups = el('div', { class: 'groups', 'aria-hidden': true })
  labels.forEach((l, i) => {
    const rows = labels.filter((o) => o.group === l.group).length
    if (rows > 2 && rows < labels.length && (i === 0 || labels[i - 1].group !== l.group))
      groups.append(el('span', { style: `top:${(i + rows / 2) / labels.length * 100}%` }, groupOf(l)))
  })
  section(say('heat.title'), say('heat.lead', { n: count(labels.length) }),
    el('div', { class: 'heat' }, el('div', { class: groups.children.length ? 'frame named' : 'frame' }, groups, canvas), readout))
  if (chosen) tell(chosen)
  else readout.append(say('none'))
}

function drawPairs(pairs) {
  section(say('pairs.title'), say('pairs.lead'), el('ol', { class: 'pairs' }, ...pairs.slice(0, 30).map((p) =>
    el('li', {}, el('details', {},
      el('summary', {}, el('span', { class: 'n' }, count(p.rows)),
        el('span', { class: 'pair' }, intent(p.truth), ' → ', intent(p.said))),
      el('ul', {}, ...p.examples.map((e) => el('li', {}, e.text, ' ', el('span', { class: 'id' }, percent(e.confidence, 0))))))))))
}

// ---- reliability ----------------------------------------------------------------------------------------------------

const svg = (tag, attributes, ...children) => {
  const e = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value)
  e.append(...children)
  return e
}

function drawReliability(bins) {
  const left = 60, top = 12, width = 460, height = 250, n = bins.length
  const y = (share) => top + height * (1 - share)
  const most = Math.max(1, ...bins.map((b) => b.rows))
  const parts = []
  for (const share of [0, 0.25, 0.5, 0.75, 1])
    parts.push(svg('line', { x1: left, x2: left + width, y1: y(share), y2: y(share), stroke: 'var(--grid)' }),
      svg('text', { x: left - 8, y: y(share) + 4, 'text-anchor': 'end' }, share * 100 + ' %'))
  parts.push(svg('text', { x: left + width, y: top + height + 20, 'text-anchor': 'middle' }, '100'))
  bins.forEach((b, i) => {
    const x = left + i * width / n
    parts.push(svg('text', { x, y: top + height + 20, 'text-anchor': 'middle' }, String(i * 10)))
    if (!b.rows) return
    const wide = (width / n - 6) * (0.25 + 0.75 * Math.sqrt(b.rows / most)) // wider: more rows
    const bar = svg('rect', { x: x + (width / n - wide) / 2, y: y(b.accuracy), width: wide, height: height * b.accuracy,
      rx: 2, fill: 'var(--diagonal)' },
    svg('title', {}, say('reliability.bin', { n: count(b.rows), said: percent(b.confidence), right: percent(b.accuracy) })))
    parts.push(bar, svg('circle', { cx: x + width / n / 2, cy: y(b.confidence), r: 4, fill: 'var(--accent)' }))
  })
  section(say('reliability.title'), say('reliability.lead', { error: percent(data.figures.calibration_error) }),
    svg('svg', { viewBox: '0 0 540 292', role: 'img', 'aria-label': say('reliability.title') }, ...parts))
}

// ---- table ----------------------------------------------------------------------------------------------------------

function drawLabels() {
  const columns = ['label', 'support', 'precision', 'recall', 'f1']
  let by = 'f1', rising = true
  const body = el('tbody')
  const filter = el('input', { type: 'search', placeholder: say('labels.filter'), 'aria-label': say('labels.filter'),
    oninput: () => fill() })
  const heads = columns.map((key) => el('th', { scope: 'col', class: key === 'support' ? 'wide' : null },
    el('button', { type: 'button', onclick: () => {
      rising = by === key ? !rising : key === 'label'
      by = key
      fill()
    } }, say('labels.' + key))))
  const share = (x) => el('td', {}, percent(x), el('span', { class: 'bar', 'aria-hidden': true },
    el('i', { style: `width:${(x ?? 0) * 100}%`, class: x < 0.8 ? 'low' : null })))
  const value = (l) => (by === 'label' ? (l.group + nameOf(l.label)) : l[by] ?? -1)
  const compare = (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0) * (rising ? 1 : -1)
  function fill() {
    const word = filter.value.trim().toLowerCase()
    heads.forEach((h, i) => {
      if (columns[i] === by) h.setAttribute('aria-sort', rising ? 'ascending' : 'descending')
      else h.removeAttribute('aria-sort')
    })
    body.replaceChildren(...labels.filter((l) => (l.label + ' ' + nameOf(l.label)).toLowerCase().includes(word)).sort(compare)
      .map((l) => el('tr', {}, el('td', {}, intent(l.label)), el('td', { class: 'wide' }, count(l.support)), share(l.precision),
        share(l.recall), share(l.f1))))
  }
  section(say('labels.title'), say('labels.lead'), filter,
    el('div', { class: 'scroll' }, el('table', {}, el('thead', {}, el('tr', {}, ...heads)), body)))
  fill()
}

// ---- questions that found the wrong answer --------------------------------------------------------------------------

function drawMisses(misses) {
  const columns = ['text', 'place', 'wanted', 'found']
  const cell = (key, ...children) => el('td', { 'data-name': say('misses.' + key) }, ...children)
  const stored = (id, question) => [question ?? '', ' ', el('span', { class: 'id' }, id ?? say('misses.nothing'))]
  section(say('misses.title', { n: count(data.miss_count) }),
    misses.length < data.miss_count ? say('misses.first', { n: count(misses.length) }) : say('misses.lead'),
    longTable(misses, (rows) => el('table', { class: 'words' },
      el('thead', {}, el('tr', {}, ...columns.map((key) => el('th', {}, say('misses.' + key))))),
      el('tbody', {}, ...rows.map((m) => el('tr', {}, el('td', {}, m.text), cell('place', m.place ? String(m.place) : '–'),
        cell('wanted', ...stored(m.wanted, m.wanted_question)), cell('found', ...stored(m.found, m.found_question)))))), 50))
}

drawHead()
if (data.comparison) drawComparison(data.comparison)
if (data.confusions) {
  drawHeat(data.confusions)
  drawPairs(data.confusions)
}
if (data.reliability) drawReliability(data.reliability)
if (labels.length) drawLabels()
if (data.misses) drawMisses(data.misses)
