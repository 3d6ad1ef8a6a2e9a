import { AssayError } from '@assay/core'
import {
  defaultHub,
  type PullModelOptions,
  type PullPlan,
  planPull,
  pullModel,
  unpinnedFiles,
} from '@assay/embed/hub'
import { exitCode } from '../exit-code.js'
import { interruptSignal } from '../interrupt.js'
import { ask, isInteractive } from '../models/ask.js'
import { commercialUseText, describePlan, planDocument } from '../models/describe-plan.js'
import { findCard } from '../models/known-models.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { type ProgressDisplay, progressDisplay } from '../progress-display.js'

interface PullFlags {
  readonly acceptLicence?: boolean
  readonly yes?: boolean
  readonly plan?: boolean
  readonly offline?: boolean
  readonly hub?: string
  /** False with `--no-wait`. */
  readonly wait?: boolean
  readonly quiet?: boolean
  readonly json?: boolean
}

/** Seconds to wait for another process that pulls the same model: longer than any download. */
const LONGEST_WAIT = 7 * 24 * 3600

/** `assay models pull`: shows what would be fetched, asks, and fetches it. */
export async function modelsPullCommand(name: string, flags: PullFlags): Promise<number> {
  const { quiet = false, offline = false } = flags
  const interrupt = interruptSignal()
  const { signal } = interrupt
  const display = await progressDisplay({ quiet })
  try {
    const card = await findCard(name)
    const hub = flags.hub ?? (process.env['HF_ENDPOINT'] || defaultHub)
    const token = process.env['HF_TOKEN']?.trim() || null
    const plan = await planPull({
      card,
      modelsFolder: places().pulled,
      offline,
      hub,
      token,
      signal,
    })
    if (flags.plan) return showPlan(plan, flags)
    if (!quiet) process.stderr.write(describePlan(plan))
    const consent = await consentTo(plan, flags, signal)
    const options = { ...consent, token, signal, progress: inMegabytes(display) }
    const pulled = await pullInTurn(plan, options, flags)
    display.end()
    if (flags.json) printJson({ ...pulled, source: plan.source })
    else process.stdout.write(`${pulled.id} is in ${pulled.folder}\n`)
    return exitCode.ok
  } finally {
    display.end()
    interrupt.release()
  }
}

function showPlan(plan: PullPlan, flags: PullFlags): number {
  if (flags.json) printJson(planDocument(plan))
  else process.stdout.write(describePlan(plan))
  return exitCode.ok
}

/** What the flags agree to or, on a terminal, the user; what nobody agrees to `pullModel` refuses. */
async function consentTo(
  plan: PullPlan,
  { acceptLicence = false, yes = false }: PullFlags,
  signal: AbortSignal,
): Promise<Pick<PullModelOptions, 'acceptLicence' | 'confirmUnpinned'>> {
  const { licence, commercialUse } = plan.card
  const agrees = async (flag: boolean, needed: boolean, question: string) =>
    flag || (needed && isInteractive() && (await ask(question, signal)))
  const terms = `${licence} (${commercialUseText(commercialUse)})`
  const accepted = await agrees(
    acceptLicence,
    plan.missingBytes > 0,
    `Do you accept the licence ${terms}?`,
  )
  const refused = plan.missingBytes > 0 && !accepted
  const unpinned = unpinnedFiles(plan).length > 0 && !refused
  const confirmed = await agrees(yes, unpinned, 'Pin what the hub serves now?')
  return { acceptLicence: accepted, confirmUnpinned: confirmed }
}

/** Pulls, after any other process that pulls the same model. */
async function pullInTurn(plan: PullPlan, options: PullModelOptions, { wait = true }: PullFlags) {
  try {
    return await pullModel(plan, options)
  } catch (error) {
    if (!wait || !AssayError.isInstance(error) || error.code !== 'LOCKED') throw error
    process.stderr.write(`${error.message} Waiting for it.\n`)
    return pullModel(plan, { ...options, wait: LONGEST_WAIT })
  }
}

const MEGABYTE = 1e6

/** Progress in whole megabytes, which is what fits on a line. */
const inMegabytes =
  ({ progress }: ProgressDisplay): NonNullable<PullModelOptions['progress']> =>
  ({ task, done, total }) =>
    progress({
      task: `${task} (MB)`,
      done: Math.ceil(done / MEGABYTE),
      total: total && Math.ceil(total / MEGABYTE),
    })
