/** Runs a model file in isolation for ever; on a line of input, exits without closing anything. */
import { createIsolatedEngine } from '../../../dist/index.js'

const session = await createIsolatedEngine({ threads: 1 }).open({ path: process.argv[2] })
const x = { type: 'float32', dims: [1], data: Float32Array.of(1) }
session.run({ x }).catch(() => {})
process.stdout.write('running')
process.stdin.once('data', () => process.exit(3))
