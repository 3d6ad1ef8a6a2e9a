/** Closes engines while one of two workers still owes an answer, then tells that it came to its end. */
import { createGraph, mul } from '../../../dist/graph.js'
import { createEngine } from '../../../dist/index.js'

const graph = createGraph()
graph.output('y', mul(graph.input('x', 'float32', [1]), 2))
for (let round = 0; round < 40; round += 1) {
  const engine = createEngine({ threads: 2 })
  const refused = engine.open(Uint8Array.of(1, 2, 3))
  const forgotten = engine.open(graph.toBytes()).catch(() => {})
  await refused.catch(() => {})
  await engine.close()
  await forgotten
}
process.stdout.write('closed')
