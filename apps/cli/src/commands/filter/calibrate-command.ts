import { resolve } from 'node:path'
import { createConceptFilter } from '@assay/concept-filter'
import {
  type CleanPictures,
  calibrateThresholds,
  type FalseAlarmBudget,
  type FamilyCorrection,
  type ThresholdCalibration,
} from '@assay/concept-filter/evaluation'
import { writeConceptFilter } from '@assay/concept-filter/node'
import { AssayError, type ItemFailure } from '@assay/core'
import { withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { figure } from '../../figure.js'
import { embedSet } from '../../filter/embed-set.js'
import { type FilterFlags, openFilter } from '../../filter/open-filter.js'
import { decimalNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface CalibrateFlags extends FilterFlags {
  readonly rate: string
  readonly each?: boolean
  readonly correction: string
  readonly heldOut?: string
  readonly level: string
  readonly out: string
}

/** `assay filter calibrate`: thresholds from clean pictures, in a file. */
export function calibrateCommand(path: string, flags: CalibrateFlags): Promise<number> {
  const budget = budgetOf(flags)
  const level = decimalNumber('--level', flags.level)
  return withSession(flags, async (session) => {
    const { filter, encoder } = await openFilter(flags, session)
    const failures: ItemFailure[] = []
    const pictures = async (folder: string): Promise<CleanPictures> => {
      const { embeddings, prompts, failures: own } = await embedSet(folder, encoder.image, session)
      failures.push(...own)
      return { embeddings, prompts }
    }
    const calibration = calibrateThresholds({
      pairs: filter.pairs,
      clean: await pictures(path),
      ...(flags.heldOut !== undefined && { heldOut: await pictures(flags.heldOut) }),
      budget,
      level,
    })
    const { relevanceFloor, drift } = filter
    const settings = { drift, ...(relevanceFloor !== null && { relevanceFloor }) }
    const calibrated = createConceptFilter({ pairs: calibration.pairs, ...settings })
    await writeConceptFilter(resolve(flags.out), calibrated)
    session.endProgress()
    tell(calibration, failures, flags)
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

const corrections: readonly FamilyCorrection[] = ['sidak', 'bonferroni']

function budgetOf({ rate, each, correction: name }: CalibrateFlags): FalseAlarmBudget {
  const share = decimalNumber('--rate', rate)
  const correction = corrections.find((known) => known === name)
  if (correction === undefined) {
    throw new AssayError({
      code: 'CONFIG_INVALID',
      message: `--correction ${name} is no correction.`,
      value: name,
      remedy: `Give one of ${corrections.join(', ')}.`,
    })
  }
  return each ? { perPair: share } : { together: share, correction }
}

function tell(
  calibration: ThresholdCalibration,
  failures: readonly ItemFailure[],
  { json, out }: CalibrateFlags,
): void {
  const { pairs: _, ...told } = calibration
  if (json) {
    printJson({ out, ...told, failures })
    return
  }
  tellFailures(failures)
  const rows = told.calibrations.map(({ pairId, threshold, confidence, rate, measured }) => [
    pairId,
    threshold.toFixed(4),
    confidence.toPrecision(4),
    `${(100 * rate).toPrecision(3)} %`,
    measured === null ? '' : figure(measured),
  ])
  const together = told.together === null ? [] : [['together', '', '', '', figure(told.together)]]
  const head = ['pair', 'margin', 'confidence', 'may flag', 'flags of those held out']
  process.stdout.write(table([head, ...rows, ...together]))
  process.stdout.write(`\n${told.meaning}\n${out}: the filter with these thresholds\n`)
}
