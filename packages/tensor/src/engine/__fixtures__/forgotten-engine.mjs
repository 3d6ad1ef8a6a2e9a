/** Opens a session on every worker, runs it, prints the result and forgets to close anything. */
import { createGraph, mul } from '../../../dist/graph.js'
import { createEngine } from '../../../dist/index.js'

const graph = createGraph()
graph.output('y', mul(graph.input('x', 'float32', [1]), 2))
const session = await createEngine({ threads: 2 }).open(graph.toBytes(), { replicas: 'every' })
const { y } = await session.run({ x: { type: 'float32', dims: [1], data: Float32Array.of(21) } })
process.stdout.write(String(y.data[0]))
