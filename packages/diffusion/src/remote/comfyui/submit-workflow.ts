import { z } from 'zod'
import { ask, urlUnder } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import { jsonOf, readJson } from '../http/read-json.js'
import type { ServiceAnswer } from '../http/send.js'
import type { ServiceAccess } from '../http/service-access.js'
import { serviceError } from '../http/service-error.js'
import { oneLine } from '../http/words-of.js'

/** Complaints about single nodes; an empty list or object where there are none. */
const nodeErrorsSchema = z.object({
  node_errors: z.record(
    z.string(),
    z.object({
      class_type: z.string().catch('unknown node'),
      errors: z.array(z.object({ message: z.string().catch(''), details: z.string().catch('') })),
    }),
  ),
})

const submittedSchema = z.object({ prompt_id: z.string().min(1) })

/**
 * Hands a workflow to the server's queue.
 *
 * @returns the id it has there
 * @throws AssayError `INVALID_ARGUMENT` where the server finds fault with a node; as any request
 */
export function submitWorkflow(
  access: ServiceAccess,
  workflow: unknown,
  { clientId, signal }: { readonly clientId: string; readonly signal: AbortSignal },
): Promise<string> {
  // Without a client's id, some versions leave pictures from the cache out of the history.
  const body = { prompt: workflow, client_id: clientId }
  const url = urlUnder(access, ['prompt'])
  return ask(access, { url, body, accept: 'application/json', signal }, (answer) => {
    assertNodes(access, answer)
    assertSuccess(access, answer)
    return readJson(access, answer, submittedSchema).prompt_id
  })
}

/** Names the node at fault; also where the server would go on without it. */
function assertNodes(access: ServiceAccess, { body }: ServiceAnswer): void {
  const parsed = nodeErrorsSchema.safeParse(jsonOf(body))
  const [first] = Object.entries(parsed.data?.node_errors ?? {})
  if (first === undefined) return
  const [id, { class_type, errors }] = first
  const words = errors.map(({ message, details }) => `${message} ${details}`).join('; ')
  throw serviceError(access, {
    code: 'INVALID_ARGUMENT',
    reason: `finds fault with node ${oneLine(access, `${id} (${class_type}): ${words}`)}`,
    remedy: 'Run the workflow in ComfyUI itself, mend it there, and export it again.',
  })
}
