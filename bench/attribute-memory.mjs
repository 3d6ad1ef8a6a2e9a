// Memory of attributing over a mapped pool, measured by attribute.mjs in a process of its own:
// node attribute-memory.mjs FILE THREADS
import { setTimeout } from 'node:timers/promises'
import { attribute } from '@assay/attribution'
import { createMatrix } from '@assay/core'
import { openMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { createGraph, mul } from '@assay/tensor/graph'
import { createExactIndex } from '@assay/vector-index'

const [, , path, threads] = process.argv

/** An engine that has run something, with its runtime loaded. */
async function idleEngine() {
  const engine = createEngine({ threads: Number(threads), workers: 1 })
  const graph = createGraph()
  graph.output('y', mul(graph.input('x', 'float32', [1]), 2))
  const session = await engine.open(graph.toBytes())
  await session.run({ x: { type: 'float32', dims: [1], data: Float32Array.of(1) } })
  await session.close()
  return engine
}

const engine = await idleEngine()
await setTimeout(200)
const idle = process.memoryUsage.rss()
const file = await openMatrixFile(path)
const { data } = await file.read({ count: 64 })
const queries = createMatrix({ data, columns: file.columns, fingerprint: file.fingerprint })
const pool = await createExactIndex({ vectors: file, metric: 'inner-product', engine })
const calibration = {
  ...{ specificationVersion: 1, inverseTemperature: 46.59, bias: -0.06497 },
  ...{ fingerprint: null, fittedOn: null },
}
for (let round = 0; round < 5; round++) await attribute({ queries, pool, calibration })
const bytes = file.rows * file.columns * 4
const kilobyte = 1024
const peak = (process.resourceUsage().maxRSS * kilobyte - idle) / bytes
console.log(JSON.stringify({ featureMegabytes: bytes / 2 ** 20, peak }))
await pool.close()
await engine.close()
await file.close()
