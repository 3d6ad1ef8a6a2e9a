import { resolve } from 'node:path'
import {
  assessCalibration,
  type Calibration,
  collectCalibrationScores,
  fitCalibration,
} from '@assay/attribution'
import { writeCalibration } from '@assay/attribution/node'
import { formatFigure, formatInterval } from '@assay/audit'
import { createRandom, type Measure } from '@assay/core'
import { attributionPool } from '../../attribution/attribution-pool.js'
import { modelsOf, openExemplarSet } from '../../attribution/exemplar-set.js'
import { readHead } from '../../attribution/read-head.js'
import { type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { table } from '../../table.js'

interface CalibrateFlags extends SessionFlags {
  readonly head?: string
  readonly encoder?: string
  readonly pool?: string
  readonly normalize?: boolean
  readonly validate: string
  readonly test: string
  readonly others: string
  readonly seed: string
  readonly out: string
}

/** `assay attribution calibrate`: scores to shares of influence, fitted and judged on known exemplars. */
export function calibrateCommand(
  folder: string | undefined,
  flags: CalibrateFlags,
): Promise<number> {
  return withSession(flags, async (session) => {
    const others = wholeNumber('--others', flags.others)
    const seed = wholeNumber('--seed', flags.seed)
    const { encoder, pool, normalize, out } = flags
    const head = await readHead(flags.head)
    const set = await openExemplarSet({ folder, encoder, pool, normalize }, session)
    const { progress, signal } = session
    const scoring = {
      exemplars: set.exemplars,
      queries: set.synth,
      pool: await attributionPool(set.pool, head, session),
      ...{ head, others, progress, signal },
    }
    const scored = (split: string) =>
      collectCalibrationScores({ ...scoring, models: modelsOf(set, split) })
    const calibration = fitCalibration(await scored(flags.validate))
    const { queries, clusters, failures } = await scored(flags.test)
    const random = createRandom(seed)
    const judged = assessCalibration({ calibration, queries, clusters, random })
    await writeCalibration(resolve(out), calibration)
    session.endProgress()
    if (flags.json) printJson({ out, calibration, test: judged, failures })
    else tell(out, calibration, judged)
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

function tell(
  out: string,
  { inverseTemperature, bias, fittedOn }: Calibration,
  report: ReturnType<typeof assessCalibration>,
): void {
  const { influenceOfTruth, cutRate, calibrationError, chanceError, medianSupport } = report
  const fitted = fittedOn === null ? '' : `, fitted on ${fittedOn.queries} queries`
  process.stdout.write(
    `${out}: inverse temperature ${inverseTemperature.toPrecision(4)}, bias ${bias.toPrecision(3)}${fitted}\n\n`,
  )
  const rows = [influenceOfTruth, cutRate, calibrationError].map(rowOf)
  const chance = ['calibration-error by chance, at most', formatFigure(chanceError, 'share')]
  process.stdout.write(table([...rows, chance, ['median support', String(medianSupport)]]))
  const bounds = fittedOn?.atBounds ?? []
  if (bounds.length > 0) process.stdout.write(`! at the bound of its range: ${bounds.join(', ')}\n`)
}

const rowOf = ({ id, value, unit, interval }: Measure): string[] => [
  id,
  value === null ? '–' : formatFigure(value, unit),
  interval === null ? '' : formatInterval(interval, unit),
]
