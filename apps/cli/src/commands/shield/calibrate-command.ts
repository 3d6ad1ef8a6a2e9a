import { AssayError, type ItemFailure } from '@assay/core'
import type { RadiusCalibration } from '@assay/repellency'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { openGenerator } from '../../generators/open-generator.js'
import { pictureRequests } from '../../generators/picture-requests.js'
import { type PromptFlags, readPrompts } from '../../generators/read-prompts.js'
import { printJson } from '../../print-json.js'
import { type BaseVectors, baseVectors } from '../../shield/base-vectors.js'
import {
  calibrateDiversity,
  calibrateProtection,
  type DiversityCalibration,
} from '../../shield/calibrate-shield.js'
import { comparisonSpace } from '../../shield/comparison-space.js'
import { defaultQuantiles } from '../../shield/find-radii.js'
import { pictureVectors } from '../../shield/picture-vectors.js'
import { openProtected } from '../../shield/protected-pictures.js'
import { radiusText } from '../../shield/radius-text.js'
import { samplerSpace } from '../../shield/sampler-space.js'
import { sourcePictures } from '../../shield/source-pictures.js'
import type { VectorSpace } from '../../shield/vector-space.js'
import { tellFailures } from '../../tell-failures.js'

interface CalibrateFlags extends SessionFlags, PromptFlags {
  readonly protect?: string
  readonly outputs?: string
  readonly model: string
  readonly n: string
  readonly seed: string
  readonly steps?: string
  readonly space: string
  readonly quantile?: string
  readonly radius?: string
  readonly force?: boolean
}

/** Pictures without a shield, and where they are compared. */
interface Outputs extends BaseVectors {
  readonly space: VectorSpace
  readonly failures: readonly ItemFailure[]
}

type Calibration = RadiusCalibration | DiversityCalibration

/** `assay shield calibrate`: the radius that holds a share of distances, or what a radius holds. */
export function calibrateCommand(flags: CalibrateFlags): Promise<number> {
  const by = settingsOf(flags)
  return withSession(flags, async (session) => {
    const outputs = await (flags.outputs === undefined
      ? drawnOutputs(flags, session)
      : readOutputs(flags.outputs, flags, session))
    const { space } = outputs
    const settings = { by, force: flags.force === true, signal: session.signal }
    const { protect, model } = flags
    const known =
      protect === undefined ? null : await openProtected({ protect, model, space }, session)
    const calibration = known
      ? await calibrateProtection(outputs, known, settings)
      : await calibrateDiversity(outputs, settings)
    const failures = [...outputs.failures, ...(known?.failures ?? [])]
    session.endProgress()
    tell(calibration, { space: space.name, failures, json: flags.json === true })
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

function settingsOf({ protect, quantile, radius }: CalibrateFlags) {
  if (radius !== undefined && quantile !== undefined) throw oneOfBoth(radius)
  if (radius !== undefined) return { radius: decimalNumber('--radius', radius) }
  const usual = defaultQuantiles[protect === undefined ? 'diversity' : 'protection']
  return { quantile: quantile === undefined ? usual : decimalNumber('--quantile', quantile) }
}

/** Pictures that lie in a folder. */
async function readOutputs(
  folder: string,
  flags: CalibrateFlags,
  session: CommandSession,
): Promise<Outputs> {
  const { progress, signal } = session
  const set = await sourcePictures(folder)
  const { space } = await comparisonSpace(flags.space, set.pictures, session)
  const reading = { pictures: set.pictures, space, fit: false, task: 'read pictures' }
  const { pictures, vectors, failures } = await pictureVectors({ ...reading, progress, signal })
  const prompts = pictures.map(({ prompt }) => prompt ?? '')
  return { space, vectors, prompts, failures: [...set.failures, ...failures] }
}

/** Pictures that are drawn for this only, and not kept. */
async function drawnOutputs(flags: CalibrateFlags, session: CommandSession): Promise<Outputs> {
  const { model, device = 'cpu', n, seed, steps } = flags
  const requests = pictureRequests(await readPrompts(flags), {
    n: wholeNumber('--n', n),
    seed: wholeNumber('--seed', seed),
    ...(steps !== undefined && { steps: wholeNumber('--steps', steps) }),
  })
  const { signal } = session
  const options = device === 'cpu' ? { signal } : { device, signal }
  const { generator } = session.use(await openGenerator(model, options))
  const space =
    flags.space === 'pixels'
      ? (await samplerSpace(generator, signal)).vectors
      : (await comparisonSpace(flags.space, [], session)).space
  if (space === null) throw latents(model)
  const base = await baseVectors({ generator, requests, space }, session)
  return { ...base, space, failures: [] }
}

function tell(
  calibration: Calibration,
  told: {
    readonly space: string
    readonly failures: readonly ItemFailure[]
    readonly json: boolean
  },
): void {
  const { space, failures, json } = told
  if (json) {
    printJson({ space, ...calibration, failures })
    return
  }
  tellFailures(failures)
  if (!('prompts' in calibration)) {
    for (const warning of calibration.warnings) process.stderr.write(`${warning}\n`)
    process.stdout.write(`${radiusText(calibration)}Space: ${space}\n`)
    return
  }
  const { radius, prompts } = calibration
  for (const each of prompts) {
    process.stdout.write(`${each.prompt || 'all pictures'}\n${radiusText(each.calibration)}\n`)
  }
  process.stdout.write(`Radius ${radius.toPrecision(4)}, the median of them\nSpace: ${space}\n`)
}

const oneOfBoth = (radius: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: 'A radius is found by --quantile, or judged as --radius gives it.',
    value: radius,
    remedy: 'Leave one of them out.',
  })

const latents = (model: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `${model} works on latents, and pictures cannot be brought there without their encoder.`,
    value: model,
    remedy: 'Calibrate in the space of an encoder by --space, or on latents by `calibrateRadius`.',
  })
