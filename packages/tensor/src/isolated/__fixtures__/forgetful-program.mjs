/** Runs a model file in isolation once and forgets to close anything. */
import { createIsolatedEngine } from '../../../dist/index.js'

const session = await createIsolatedEngine({ threads: 1 }).open({ path: process.argv[2] })
const { y } = await session.run({ x: { type: 'float32', dims: [1], data: Float32Array.of(21) } })
process.stdout.write(String(y.data[0]))
