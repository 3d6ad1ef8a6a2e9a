import { resolve } from 'node:path'
import { linearDatamodellingScore } from '@assay/attribution/evaluation'
import { readTable } from '../../attribution/read-table.js'
import { exitCode } from '../../exit-code.js'
import { wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'

interface LdsFlags {
  readonly masks: string
  readonly outputs: string
  readonly losses?: boolean
  readonly seed: string
  readonly json?: boolean
}

/** `assay attribution lds`: how well scores predict what retraining on parts gives. */
export async function ldsCommand(path: string, flags: LdsFlags): Promise<number> {
  const score = linearDatamodellingScore({
    scores: await readTable(resolve(path)),
    masks: await readTable(resolve(flags.masks)),
    outputs: await readTable(resolve(flags.outputs)),
    outputsAre: flags.losses ? 'loss' : 'quantity',
    seed: wholeNumber('--seed', flags.seed),
  })
  if (flags.json) {
    printJson(score)
    return exitCode.ok
  }
  const { value, interval, queries, missing, subsets, noiseFloor, reason, warnings } = score
  const range =
    interval === null ? '' : ` (${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})`
  const counts = `${queries - missing} queries, ${missing} missing, ${subsets} retrained models`
  process.stdout.write(
    `LDS ${value === null ? '–' : value.toFixed(3)}${range}, ${counts}\n` +
      `Scores that say nothing: one query within ${(2 * noiseFloor).toFixed(3)} of 0, 95 times in 100\n` +
      (reason === undefined ? '' : `${reason}\n`) +
      warnings.map(({ count, message }) => `! ${count}: ${message}\n`).join(''),
  )
  return exitCode.ok
}
