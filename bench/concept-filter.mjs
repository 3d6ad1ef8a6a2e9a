/**
 * Decisions of a concept filter with all radii: 10,000 embeddings of 768 columns, 11 pairs, on the calling
 * thread. Beside it, in turns, the bare inner products in plain JavaScript, below which nothing that looks
 * at every number can go. Target: 250 ms.
 *
 *   node concept-filter.mjs [--rows 10000] [--columns 768] [--pairs 11] [--rounds 11]
 */
import { parseArgs } from 'node:util'
import { createConceptFilter, createConceptPair } from '@assay/concept-filter'
import { createMatrix, createRandom } from '@assay/core'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    columns: { type: 'string', default: '768' },
    pairs: { type: 'string', default: '11' },
    rounds: { type: 'string', default: '11' },
  },
})
const [rows, columns, pairCount, rounds] = [
  ...[flags.rows, flags.columns, flags.pairs, flags.rounds],
].map(Number)
const TARGET = 250

const { normal } = createRandom(1)
const matrix = (count) =>
  createMatrix({ data: Float32Array.from({ length: count * columns }, normal), columns })
const side = () => ({ prompts: ['prompt'], embeddings: matrix(1) })
const pairs = Array.from({ length: pairCount }, (_, at) =>
  createConceptPair({
    ...{ id: `pair ${at}`, relation: 'subset' },
    ...{ unacceptable: side(), acceptable: side() },
  }),
)
const filter = createConceptFilter({ pairs })
const pictures = matrix(rows)
const directions = pairs.map(({ unacceptable, acceptable }) =>
  unacceptable.vector.map((value, at) => value - acceptable.vector[at]),
)

/** Every row with every direction, one number after the other; no decision is made of it. */
function bareProducts() {
  const { data } = pictures
  const products = new Float64Array(rows * pairCount)
  for (let row = 0; row < rows; row++) {
    for (const [pair, direction] of directions.entries()) {
      let sum = 0
      for (let at = 0; at < columns; at++) sum += data[row * columns + at] * direction[at]
      products[row * pairCount + pair] = sum
    }
  }
  return products
}

/** Milliseconds by the clock, and of the processor. */
function time(call) {
  const [began, used] = [performance.now(), process.cpuUsage()]
  const result = call()
  const { user, system } = process.cpuUsage(used)
  return { result, clock: performance.now() - began, processor: (user + system) / 1000 }
}

/** Between the filter's margins and the bare products. */
function largestDifference(decisions, products) {
  let largest = 0
  for (const [row, { pairs, norm }] of decisions.entries()) {
    for (const [pair, { margin }] of pairs.entries()) {
      const difference = Math.abs(margin - products[row * pairCount + pair] / norm)
      largest = Math.max(largest, difference)
    }
  }
  return largest
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

const runs = { filter: [], bare: [] }
let margins = 0
for (let round = 0; round <= rounds; round++) {
  const [checked, bare] = [time(() => filter.check(pictures)), time(bareProducts)]
  if (round === 0) {
    margins = largestDifference(checked.result, bare.result)
    continue
  }
  runs.filter.push(checked)
  runs.bare.push(bare)
}
const milliseconds = Object.fromEntries(
  Object.entries(runs).map(([name, each]) => [name, median(each.map(({ clock }) => clock))]),
)
const processorMilliseconds = Object.fromEntries(
  Object.entries(runs).map(([name, each]) => [
    name,
    median(each.map(({ processor }) => processor)),
  ]),
)
const overBare = median(runs.filter.map(({ processor }, at) => processor / runs.bare[at].processor))
const targets = {
  [`all decisions and radii in at most ${TARGET} ms`]: milliseconds.filter <= TARGET,
  'margins equal plain inner products to 1e-12': margins <= 1e-12,
}

console.log(`${rows} x ${columns}, ${pairCount} pairs, one thread`)
for (const name of Object.keys(runs)) {
  const [clock, processor] = [milliseconds[name], processorMilliseconds[name]]
  console.log(
    `${name.padEnd(8)}${clock.toFixed(0)} ms, of the processor ${processor.toFixed(0)} ms`,
  )
}
console.log(`filter over bare inner products: ${overBare.toFixed(2)} x`)
for (const [target, met] of Object.entries(targets))
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
const settings = { rows, columns, pairs: pairCount, rounds }
const result = { milliseconds, processorMilliseconds, overBare, margins, targets }
console.log(JSON.stringify({ bench: 'concept-filter', settings, ...result }))
