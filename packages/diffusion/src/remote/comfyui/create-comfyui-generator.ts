import { randomUUID } from 'node:crypto'
import { AssayError, type ImageGenerator } from '@assay/core'
import { assertCount } from '../assert-count.js'
import { createRemoteGenerator } from '../create-remote-generator.js'
import { ask, urlUnder } from '../http/ask.js'
import { assertSuccess } from '../http/assert-success.js'
import { atLeast, openService, type ServiceAccess } from '../http/service-access.js'
import { serviceError } from '../http/service-error.js'
import type { Batch, Drawing, Wish } from '../remote-service.js'
import type { ComfyUIGeneratorOptions } from './comfyui-options.js'
import { fillWorkflow, readTemplate, valuesOf } from './fill-workflow.js'
import { type ComfyUI, runWorkflow } from './run-workflow.js'
import { varyOutput } from './vary-output.js'
import { type OutputFile, picturesOf } from './workflow-history.js'

/** A generator's server, and which picture of a workflow is meant. */
interface Drawer extends ComfyUI {
  readonly outputNode: string | undefined
}

/**
 * A generator that runs a workflow on a ComfyUI server (`POST /prompt`, `GET /history/{id}`, `GET /view`),
 * one picture each. What the workflow has no placeholder for, a request must not ask for. The seed is
 * written into the workflow; the server does not say what its nodes make of it, so that
 * `metadata.seedHonoured` is null.
 *
 * The server has no refusals: a node that blackens pictures cannot be told from a black picture.
 *
 * Errors of `generate`: `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`, `ACCESS_DENIED`, `NETWORK_FAILED`,
 * `URL_REFUSED`, any of kind `image`, `ABORTED`.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a workflow that cannot be filled; `URL_REFUSED` where others
 *   could read the key
 */
export function createComfyUIGenerator(options: ComfyUIGeneratorOptions): ImageGenerator {
  const { workflow, defaults = {}, outputNode } = options
  const access = openService(options, {
    service: 'ComfyUI',
    baseUrl: 'http://127.0.0.1:8188',
    concurrency: 1,
    scheme: 'Bearer',
  })
  const template = readTemplate(workflow)
  if (outputNode !== undefined && !Object.hasOwn(workflow, outputNode)) throw noNode(outputNode)
  const drawer: Drawer = {
    access,
    outputNode,
    clientId: randomUUID(),
    workflowSeconds: atLeast(0, 'workflowSeconds', options.workflowSeconds ?? 600),
    pollSeconds: atLeast(0, 'pollSeconds', options.pollSeconds ?? 0.5),
  }
  return createRemoteGenerator({
    id: options.id ?? 'comfyui',
    access,
    batchSize: 1,
    knows: [...template.placeholders].filter((name): name is Wish => !/^(prompt|seed)$/.test(name)),
    draw: async (batch) => {
      const [seed = 0] = batch.seeds
      const filled = fillWorkflow(template, valuesOf(batch.request, seed, defaults))
      return [await draw(drawer, filled, batch)]
    },
  })
}

async function draw(drawer: Drawer, filled: unknown, { signal }: Batch): Promise<Drawing> {
  const first = await attempt(drawer, filled, signal)
  if (first !== null) return first
  const varied = varyOutput(filled)
  const second = varied === null ? null : await attempt(drawer, varied, signal)
  if (second !== null) return second
  throw serviceError(drawer.access, {
    reason: 'finished the workflow without a picture, as it does with one that it has in its cache',
    remedy: 'Let a SaveImage node with a `filename_prefix` save the picture, or clear the cache.',
  })
}

/** One run of a workflow; null where it tells of no picture, or of one that is gone. */
async function attempt(
  drawer: Drawer,
  workflow: unknown,
  signal: AbortSignal,
): Promise<Drawing | null> {
  const { access, outputNode } = drawer
  const { id, entry } = await runWorkflow(drawer, workflow, signal)
  const files = picturesOf(entry, outputNode)
  const [file] = files
  if (file === undefined) return null
  assertCount(access, files.length, 1)
  const bytes = await view(access, file, signal)
  if (bytes === null) return null
  const told = { service: 'comfyui', model: null, requestId: id } as const
  const details = { filename: file.filename }
  return { bytes, metadata: { ...told, seedHonoured: null, revisedPrompt: null, details } }
}

function view(
  access: ServiceAccess,
  { filename, subfolder, type }: OutputFile,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const url = urlUnder(access, ['view'], { filename, subfolder, type })
  return ask(access, { url, accept: 'image/*', signal }, (answer) => {
    if (answer.status === 404) return null
    assertSuccess(access, answer)
    return answer.body
  })
}

const noNode = (node: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The workflow has no node "${node}".`,
    value: node,
    remedy: 'Name the node that saves the picture by its id in the workflow.',
  })
