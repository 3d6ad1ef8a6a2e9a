import { resolve } from 'node:path'
import { writeHeadFile } from '@assay/attribution/node'
import type { FittedAttributionHead } from '@assay/attribution/train'
import { AssayError } from '@assay/core'
import { openExemplarSet } from '../../attribution/exemplar-set.js'
import { tuneHead } from '../../attribution/tune-head.js'
import { type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'

interface TuneFlags extends SessionFlags {
  readonly encoder?: string
  readonly pool?: string
  readonly normalize?: boolean
  readonly train: string
  readonly validate: string
  readonly form: string
  readonly shared?: boolean
  readonly epochs: string
  readonly learningRate: string
  readonly seed: string
  readonly out: string
}

const forms = ['linear', 'channel', 'mlp'] as const

/** `assay attribution tune`: a head from customised models and what they drew. */
export function tuneCommand(folder: string | undefined, flags: TuneFlags): Promise<number> {
  const settings = {
    train: flags.train,
    validate: flags.validate,
    form: formOf(flags.form),
    shared: flags.shared === true,
    epochs: wholeNumber('--epochs', flags.epochs),
    learningRate: decimalNumber('--learning-rate', flags.learningRate),
    seed: wholeNumber('--seed', flags.seed),
  }
  return withSession(flags, async (session) => {
    const { encoder, pool, normalize, out } = flags
    const set = await openExemplarSet({ folder, encoder, pool, normalize }, session)
    const fitted = await tuneHead(set, settings, session)
    await writeHeadFile(resolve(out), fitted.head)
    session.endProgress()
    tell(flags, set.encoder, fitted)
    return exitCode.ok
  })
}

function formOf(name: string): (typeof forms)[number] {
  const form = forms.find((each) => each === name)
  if (form !== undefined) return form
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `--form ${name} is no form of a head.`,
    value: name,
    remedy: `Give one of ${forms.join(', ')}.`,
  })
}

function tell(
  { out, json }: TuneFlags,
  encoder: string | null,
  fitted: FittedAttributionHead,
): void {
  const { head, step, steps, evaluations, stopped } = fitted
  if (json) {
    const { fingerprint, form, shared, expects, provenance } = head
    const made = { out, encoder, fingerprint, form, shared, expects, provenance }
    printJson({ ...made, step, steps: steps.length, stopped, evaluations })
    return
  }
  const [before] = evaluations
  const after = evaluations.find((evaluation) => evaluation.step === step)
  const percent = (value: number | undefined) =>
    value === undefined ? '–' : `${(value * 100).toFixed(1)} %`
  process.stdout.write(
    `${out}: head of step ${step} of ${steps.length}${stopped ? ', stopped early' : ''}\n` +
      `mAP on what was held out: ${percent(before?.meanAveragePrecision)} before, ${percent(after?.meanAveragePrecision)} after\n`,
  )
}
