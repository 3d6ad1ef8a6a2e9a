// Adds the steps of .ci/run to the tests of vitest's JSON report and prints the closing line.
import { readFileSync } from 'node:fs'

const [report, passedSteps, failedSteps] = process.argv.slice(2)

function testCounts() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, 'utf8'),
    )
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests }
  } catch {
    return { passed: 0, failed: 0, skipped: 0 } // The tests did not run; their step has failed.
  }
}

const tests = testCounts()
const passed = tests.passed + Number(passedSteps)
const failed = tests.failed + Number(failedSteps)
console.log(`${passed} passed, ${failed} failed, ${tests.skipped} skipped`)
process.exitCode = failed === 0 ? 0 : 1
