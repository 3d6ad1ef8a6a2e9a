// The trade-offs as one SVG: a row of panels a generator, a colour a method. Shown are differences to the base, which
// stands at 0, with their intervals: prompts and seeds are the same, so that differences are known better than figures.

const WIDTH = 380
const HEIGHT = 300
const MARGIN = { left: 56, right: 14, top: 30, bottom: 44 }

const COLOURS = {
  base: '#000000',
  spell: '#0072b2',
  protect: '#56b4e9',
  particle: '#d55e00',
  cads: '#009e73',
  interval: '#cc79a7',
  guidance: '#888888',
}

const PANELS = [
  {
    x: 'frechet',
    y: 'vendi',
    titles: ['Fréchet distance (less is better)', 'Vendi score (more is better)'],
  },
  { x: 'alignment', y: 'recall', titles: ['alignment (more is better)', 'recall within a prompt'] },
]

/** @param generators as in the card */
export function curves(generators) {
  const panels = generators.flatMap((generator, row) =>
    PANELS.map((panel, column) => {
      const moved = `translate(${column * WIDTH} ${row * HEIGHT})`
      return `<g transform="${moved}">${drawPanel(generator, panel)}</g>`
    }),
  )
  const [width, height] = [PANELS.length * WIDTH, generators.length * HEIGHT + 30]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    legend(height - 12),
    '</svg>\n',
  ].join('\n')
}

/** So far off that nothing else could be told apart beside it. */
const isFarOff = ({ coefficient = 0 }) => coefficient >= 800

function drawPanel({ name, settings }, { x, y, titles }) {
  const shown = settings.filter((setting) => !isFarOff(setting))
  const points = shown.map(({ method, measures, overcompensation }) => ({
    ...{ method, x: differenceOf(measures[x]), y: differenceOf(measures[y]) },
    line: `${method} ${overcompensation ?? ''}`,
  }))
  const across = axis(
    points.map((point) => point.x),
    [MARGIN.left, WIDTH - MARGIN.right],
  )
  const up = axis(
    points.map((point) => point.y),
    [HEIGHT - MARGIN.bottom, MARGIN.top],
  )
  const lines = [...new Set(points.map(({ line }) => line))].map((line) => {
    const own = points.filter((point) => point.line === line)
    const path = own.map((point) => `${across.at(point.x.value)},${up.at(point.y.value)}`)
    return `<polyline points="${path.join(' ')}" fill="none" stroke="${COLOURS[own[0].method]}"/>`
  })
  return [
    `<text x="${MARGIN.left}" y="18"><tspan font-weight="bold">${name}</tspan>, differences to the base</text>`,
    ...across.ticks.map((tick) => {
      const at = across.at(tick)
      return `<line x1="${at}" x2="${at}" y1="${MARGIN.top}" y2="${HEIGHT - MARGIN.bottom}" stroke="#eee"/><text x="${at}" y="${HEIGHT - MARGIN.bottom + 14}" text-anchor="middle">${tick}</text>`
    }),
    ...up.ticks.map((tick) => {
      const at = up.at(tick)
      return `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" stroke="#eee"/><text x="${MARGIN.left - 5}" y="${at + 4}" text-anchor="end">${tick}</text>`
    }),
    `<text x="${WIDTH / 2}" y="${HEIGHT - 12}" text-anchor="middle">${titles[0]}</text>`,
    `<text x="14" y="${HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 ${HEIGHT / 2})">${titles[1]}</text>`,
    ...lines,
    ...points.map((point) => drawPoint(point, across, up)),
  ].join('')
}

const differenceOf = ({ difference, differenceInterval }) => ({
  ...{ value: difference, interval: differenceInterval },
})

function drawPoint({ method, x, y }, across, up) {
  const [left, top] = [across.at(x.value), up.at(y.value)]
  const bars = [
    x.interval && [across.at(x.interval[0]), across.at(x.interval[1]), top, top],
    y.interval && [left, left, up.at(y.interval[0]), up.at(y.interval[1])],
  ].filter(Boolean)
  const colour = COLOURS[method]
  const drawn = bars.map(
    ([x1, x2, y1, y2]) =>
      `<line x1="${x1}" x2="${x2}" y1="${y1}" y2="${y2}" stroke="${colour}" stroke-opacity="0.35"/>`,
  )
  return `${drawn.join('')}<circle cx="${left}" cy="${top}" r="${method === 'base' ? 5 : 3.5}" fill="${colour}"/>`
}

/** Where values stand between two ends, and round numbers between them. */
function axis(measures, [start, end]) {
  const all = measures.flatMap(({ value, interval }) => [value, ...(interval ?? [])])
  const [low, high] = [Math.min(...all), Math.max(...all)]
  const span = high - low || 1
  const rough = span / 5
  const unit = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].find((factor) => factor * unit >= rough) * unit
  const ticks = []
  for (let tick = Math.ceil(low / step); tick * step <= high; tick++) {
    ticks.push(Number((tick * step).toPrecision(6)))
  }
  const at = (value) =>
    Number(
      (start + ((value - low) / span) * 0.94 * (end - start) + 0.03 * (end - start)).toFixed(1),
    )
  return { at, ticks }
}

function legend(top) {
  const names = Object.entries(COLOURS)
  return names
    .map(([method, colour], at) => {
      const left = 20 + at * 104
      return `<circle cx="${left}" cy="${top - 4}" r="4" fill="${colour}"/><text x="${left + 9}" y="${top}">${method}</text>`
    })
    .join('')
}
