/** Exits with code 3 while a worker is deep in native code. */
import { createGraph, matMul } from '../../../dist/graph.js'
import { createEngine } from '../../../dist/index.js'

const n = 2500
const graph = createGraph()
const x = graph.input('x', 'float32', [n, n])
graph.output('y', matMul(x, x))
const session = await createEngine({ threads: 1 }).open(graph.toBytes())
session.run({ x: { type: 'float32', dims: [n, n], data: new Float32Array(n * n) } })
setTimeout(() => process.exit(3), 100)
