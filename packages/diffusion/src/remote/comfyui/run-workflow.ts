import { ask, urlUnder } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import { readJson } from '../http/read-json.js'
import { wait } from '../http/retrying.js'
import { send } from '../http/send.js'
import type { ServiceAccess } from '../http/service-access.js'
import { serviceError } from '../http/service-error.js'
import { oneLine } from '../http/words-of.js'
import { submitWorkflow } from './submit-workflow.js'
import { failureOf, type HistoryEntry, historySchema } from './workflow-history.js'

/** A server, and how it is waited for. */
export interface ComfyUI {
  readonly access: ServiceAccess
  readonly clientId: string
  readonly workflowSeconds: number
  readonly pollSeconds: number
}

/** A workflow that is done. */
export interface FinishedWorkflow {
  readonly id: string
  readonly entry: HistoryEntry
}

/** Seconds in which a workflow that nobody wants any more is taken out of the queue. */
const FORGET_SECONDS = 5

/**
 * Runs a workflow and waits until it is done.
 *
 * @throws AssayError `NETWORK_FAILED` where it fails or takes too long; as {@link submitWorkflow}
 */
export async function runWorkflow(
  comfy: ComfyUI,
  workflow: unknown,
  signal: AbortSignal,
): Promise<FinishedWorkflow> {
  const { access, clientId } = comfy
  const id = await submitWorkflow(access, workflow, { clientId, signal })
  const entry = await finished(comfy, id, signal).catch(async (error: unknown) => {
    await forget(access, id)
    throw error
  })
  const failure = failureOf(entry)
  if (failure === null) return { id, entry }
  throw serviceError(access, {
    reason: `could not run the workflow: ${oneLine(access, failure)}`,
    remedy: 'Run the workflow in ComfyUI itself, and see what its console says.',
  })
}

async function finished(
  { access, workflowSeconds, pollSeconds }: ComfyUI,
  id: string,
  signal: AbortSignal,
): Promise<HistoryEntry> {
  const url = urlUnder(access, ['history', id])
  const deadline = performance.now() + workflowSeconds * 1000
  for (;;) {
    const history = await ask(access, { url, accept: 'application/json', signal }, (answer) => {
      assertSuccess(access, answer)
      return readJson(access, answer, historySchema)
    })
    const entry = new Map(Object.entries(history)).get(id)
    if (entry !== undefined) return entry
    if (performance.now() > deadline) throw tooLate(access, workflowSeconds)
    await wait(pollSeconds, signal)
  }
}

/** Takes a waiting workflow out of the queue, if it can; one that runs is left, as it may be another's. */
async function forget(access: ServiceAccess, id: string): Promise<void> {
  const body = { delete: [id] }
  const signal = AbortSignal.timeout(FORGET_SECONDS * 1000)
  const request = { url: urlUnder(access, ['queue']), body, accept: '*/*' }
  await send(access, request, signal).catch(() => {})
}

const tooLate = (access: ServiceAccess, seconds: number) =>
  serviceError(access, {
    reason: `did not finish the workflow within ${seconds} s`,
    remedy:
      'Raise `workflowSeconds` if its queue is that long. A server that was started anew has forgotten the workflow.',
  })
