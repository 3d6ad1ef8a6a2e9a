// Memory of one exact index, measured by exact-index.mjs in a process of its own:
// node exact-index-memory.mjs FILE load|transfer
import { setTimeout } from 'node:timers/promises'
import { createMatrix } from '@assay/core'
import { openMatrixFile } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { createGraph, mul } from '@assay/tensor/graph'
import { createExactIndex } from '@assay/vector-index'

const [, , path, mode] = process.argv

/** An engine that has run something, with its runtime loaded. */
async function idleEngine() {
  const engine = createEngine({ threads: 2, workers: 1 })
  const graph = createGraph()
  graph.output('y', mul(graph.input('x', 'float32', [1]), 2))
  const session = await engine.open(graph.toBytes())
  await session.run({ x: { type: 'float32', dims: [1], data: Float32Array.of(1) } })
  await session.close()
  return engine
}

const file = await openMatrixFile(path)
const engine = await idleEngine()
const queries = await file.read({ count: 64 })
await setTimeout(200)
const idle = process.memoryUsage.rss()
const vectors = mode === 'transfer' ? await file.read() : file
const index = await createExactIndex({ vectors, metric: 'inner-product', engine, transfer: true })
for (let search = 0; search < 5; search++) {
  await index.nearest(createMatrix({ data: queries.data, columns: file.columns }), { k: 10 })
}
await setTimeout(200)
const bytes = file.rows * file.columns * 4
const kilobyte = 1024
console.log(
  JSON.stringify({
    idleMegabytes: idle / 2 ** 20,
    vectorMegabytes: bytes / 2 ** 20,
    peak: (process.resourceUsage().maxRSS * kilobyte - idle) / bytes,
    settled: (process.memoryUsage.rss() - idle) / bytes,
  }),
)
await engine.close()
await file.close()
