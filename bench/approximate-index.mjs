/**
 * The approximate indexes beside the exact one on the same clustered unit vectors: time to make, time of
 * a search for 64 queries, and the recall of the ten nearest with its interval. faiss-node is left out
 * where it has no binary (scripts/build-faiss-node.sh makes one).
 *
 *   node approximate-index.mjs [--rows 100000] [--columns 128] [--k 10] [--rounds 5] [--threads 2]
 */
import { parseArgs } from 'node:util'
import { AssayError, createMatrix, createRandom } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { createExactIndex, describeRecall, measureRecall } from '@assay/vector-index'
import { createFaissIndex } from '@assay/vector-index/faiss'
import { createUsearchIndex } from '@assay/vector-index/usearch'

const { values: flags } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    columns: { type: 'string', default: '128' },
    k: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '2' },
  },
})
const rows = Number(flags.rows)
const columns = Number(flags.columns)
const k = Number(flags.k)
const rounds = Number(flags.rounds)
const threads = Number(flags.threads)
const queryCount = 64

/** Unit vectors in 1,000 clusters. */
function clusteredRows(count, centres, random) {
  const data = new Float32Array(count * columns)
  for (let row = 0; row < count; row++) {
    const centre = random.integer(1000) * columns
    let squares = 0
    for (let column = 0; column < columns; column++) {
      const value = centres[centre + column] + 0.8 * (random.uniform() - 0.5)
      data[row * columns + column] = value
      squares += value * value
    }
    for (let column = 0; column < columns; column++) {
      data[row * columns + column] /= Math.sqrt(squares)
    }
  }
  return createMatrix({ data, columns })
}

const random = createRandom(1)
const centres = Float32Array.from({ length: 1000 * columns }, () => random.uniform() - 0.5)
const vectors = clusteredRows(rows, centres, random)
const queries = clusteredRows(queryCount, centres, random)
const unseen = clusteredRows(200, centres, random)
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

const engine = createEngine({ threads })
const exact = await createExactIndex({ vectors, metric: 'cosine', engine })

const common = { vectors, metric: 'cosine', threads }
const contenders = {
  exact: () => createExactIndex({ vectors, metric: 'cosine', engine }),
  'usearch f32': () => createUsearchIndex(common),
  'usearch f16': () => createUsearchIndex({ ...common, quantization: 'f16' }),
  'usearch i8': () => createUsearchIndex({ ...common, quantization: 'i8' }),
  'faiss HNSW16': () => createFaissIndex({ ...common, factory: 'HNSW16' }),
  'faiss IVF256,Flat': () => createFaissIndex({ ...common, factory: 'IVF256,Flat' }),
  'faiss SQ8': () => createFaissIndex({ ...common, factory: 'SQ8' }),
}

async function measure(name, create) {
  const began = performance.now()
  const index = await create()
  const makingSeconds = (performance.now() - began) / 1000
  const times = []
  for (let round = 0; round <= rounds; round++) {
    const start = performance.now()
    await index.nearest(queries, { k })
    if (round > 0) times.push(performance.now() - start)
  }
  const recall = await measureRecall({ index, exact, queries: unseen, k })
  await index.close()
  return { name, makingSeconds, milliseconds: median(times), recall }
}

const results = []
console.log(`${rows} x ${columns}, cosine, ${queryCount} queries, k = ${k}, ${threads} threads`)
for (const [name, create] of Object.entries(contenders)) {
  try {
    const result = await measure(name, create)
    results.push(result)
    const making = `made in ${result.makingSeconds.toFixed(1)} s`.padEnd(18)
    const search = `${result.milliseconds.toFixed(1).padStart(8)} ms`
    console.log(`${name.padEnd(20)}${making}${search}   ${describeRecall(result.recall)}`)
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'ENGINE_UNAVAILABLE') throw error
    console.log(`${name.padEnd(20)}left out: ${error.message} ${error.remedy}`)
  }
}
await exact.close()
await engine.close()

const targets = {
  'the exact index has recall 1': results[0].recall.value === 1,
  'every recall has an interval': results.every(({ recall }) => recall.interval !== null),
}
for (const [target, met] of Object.entries(targets)) {
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
}
console.log(
  JSON.stringify({
    bench: 'approximate-index',
    settings: { rows, columns, k, rounds, threads },
    results,
    targets,
  }),
)
