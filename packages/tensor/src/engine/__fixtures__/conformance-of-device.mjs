/** Runs the conformance kit on a device; prints the checks that are not met, one a line. */
import { engineConformance } from '@assay/core/testing'
import { createEngine } from '../../../dist/index.js'

const device = process.argv[2]
const create = () => createEngine({ threads: 2, device })
for (const { name, run } of engineConformance({ createEngine: create })) {
  try {
    await run()
  } catch (error) {
    process.stdout.write(`${name}: ${error.message}\n`)
  }
}
