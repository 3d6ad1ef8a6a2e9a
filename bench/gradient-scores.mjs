/**
 * TRAK's kernel over projected gradients: 5,000 training pictures and 100 queries of 4,096 numbers (the size
 * of DAS on CIFAR-2), on ONNX Runtime, and a quarter of each side in plain JavaScript and on ONNX Runtime in
 * turns. And 1,000 pictures of 32,768 numbers (D-TRAK), where the dual form is solved.
 *
 *   node gradient-scores.mjs [--rows 5000] [--columns 4096] [--queries 100] [--rounds 3] [--threads 2]
 */
import { parseArgs } from 'node:util'
import { dTrakScores, javascriptProducts } from '@assay/attribution/gradients'
import { engineProducts } from '@assay/attribution/train'
import { createRandom } from '@assay/core'
import { createEngine } from '@assay/tensor'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000' },
    columns: { type: 'string', default: '4096' },
    queries: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '2' },
  },
})
const [rows, columns, queries] = [flags.rows, flags.columns, flags.queries].map(Number)
const [rounds, threads] = [flags.rounds, flags.threads].map(Number)
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

function gradients(seed, count, width) {
  const random = createRandom(seed)
  const data = Float32Array.from({ length: count * width }, () => random.normal())
  return { rows: { data, rows: count, columns: width }, projection: null }
}

const modelOf = (count, width, asked) => ({
  id: 'model',
  train: gradients('train', count, width),
  query: gradients('query', asked, width),
})

async function timed(model, products) {
  const [begun, before] = [performance.now(), process.cpuUsage()]
  const result = await dTrakScores({ models: [model], lambda: 50, products })
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - begun) / 1000
  return {
    seconds,
    processor: (user + system) / 1e6,
    form: result.models[0].form,
    ...result.scores,
  }
}

/** Largest difference of two sets of scores as a share of the largest score. */
function gap(one, other) {
  let [worst, largest] = [0, 0]
  for (let at = 0; at < one.data.length; at++) {
    worst = Math.max(worst, Math.abs(one.data[at] - other.data[at]))
    largest = Math.max(largest, Math.abs(one.data[at]))
  }
  return worst / largest
}

const engine = createEngine({ threads })
const products = await engineProducts(engine)
const line = (name, { seconds, processor, form }) =>
  console.log(
    `${name.padEnd(44)} ${form.padEnd(7)} ${seconds.toFixed(2).padStart(8)} s ${processor.toFixed(2).padStart(8)} processor-s`,
  )

const quarter = modelOf(Math.round(rows / 4), Math.round(columns / 4), queries)
const [ratios, differences] = [[], []]
for (let round = 0; round < rounds; round++) {
  const plain = await timed(quarter, javascriptProducts)
  const fast = await timed(quarter, products)
  const { rows: count, columns: width } = quarter.train.rows
  line(`${count} × ${width}, ${javascriptProducts.id}`, plain)
  line(`${count} × ${width}, ${products.id}`, fast)
  ratios.push(plain.seconds / fast.seconds)
  differences.push(gap(plain, fast))
}
const whole = await timed(modelOf(rows, columns, queries), products)
line(`${rows} × ${columns}, ${products.id}`, whole)
const wide = await timed(modelOf(1000, 32_768, queries), products)
line(`1000 × 32768, ${products.id}`, wide)
await products.close()
await engine.close()

console.log(`engine over JavaScript: ${median(ratios).toFixed(1)} ×`)
console.log(
  `largest difference: ${Math.max(...differences).toExponential(1)} (wanted: at most 1e-10)`,
)
const short = ({ seconds, processor, form }) => ({ form, seconds, processor })
console.log(
  JSON.stringify({
    bench: 'gradient-scores',
    ...{ rows, columns, queries, threads, ratio: median(ratios) },
    difference: Math.max(...differences),
    whole: short(whole),
    wide: short(wide),
    residentMebibytes: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
)
if (Math.max(...differences) > 1e-10) process.exit(1)
