import type { Tensor } from '@assay/core'
import { expect, it } from 'vitest'
import { createGraph } from '../graph/graph.js'
import { matMul } from '../graph/operations/products.js'
import { createEngine } from './create-engine.js'

const megabyte = 2 ** 20

/** y = x w with 4 MB of weights. */
function graphWithWeights(): Uint8Array {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['n', 1024])
  const data = new Float32Array(1024 * 1024).fill(0.1)
  graph.output('y', matMul(x, graph.constant({ type: 'float32', dims: [1024, 1024], data })))
  return graph.toBytes()
}

it('200 sessions opened, run and closed take at most 100 MB once warm', async () => {
  const engine = createEngine({ threads: 2 })
  const bytes = graphWithWeights()
  const x: Tensor = { type: 'float32', dims: [64, 1024], data: new Float32Array(64 * 1024) }
  const cycle = async () => {
    const session = await engine.open(bytes, { replicas: 'every' })
    await session.run({ x })
    await session.close()
  }
  for (let warmUp = 0; warmUp < 20; warmUp++) await cycle()
  const before = process.memoryUsage.rss()
  for (let count = 0; count < 200; count++) await cycle()
  expect((process.memoryUsage.rss() - before) / megabyte).toBeLessThan(100)
  await engine.close()
})
