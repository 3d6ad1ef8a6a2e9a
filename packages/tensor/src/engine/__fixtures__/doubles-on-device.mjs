/** Doubles float64 on a device: what comes of it as it is, and where the CPU is forbidden. */
import { createGraph, mul } from '../../../dist/graph.js'
import { createEngine } from '../../../dist/index.js'

const graph = createGraph()
graph.output('y', mul(graph.input('x', 'float64', [2]), 2))

async function double(deviceOnly) {
  const engine = createEngine({ threads: 1, device: process.argv[2], deviceOnly })
  try {
    const session = await engine.open(graph.toBytes())
    const x = { type: 'float64', dims: [2], data: Float64Array.of(1, 2) }
    return [...(await session.run({ x })).y.data]
  } catch ({ code, message }) {
    return { code, message }
  } finally {
    await engine.close()
  }
}

const results = { shared: await double(false), deviceOnly: await double(true) }
process.stdout.write(JSON.stringify(results))
