import type { GeneratedImage, GenerationRequest, Progress, Tensor } from '@assay/core'
import type { NoiseSource } from '../sampling/noise-source.js'
import { sample } from '../sampling/sample.js'
import type { Scheduler } from '../sampling/samplers/scheduler.js'
import { assertNotAborted } from '../sampling/sampling-errors.js'
import { assertRequest } from './assert-request.js'
import { onnxDenoiser } from './denoiser/onnx-denoiser.js'
import type { PromptCondition } from './denoiser/prompt-condition.js'
import type { PipelineParts } from './open-parts.js'
import { stateShape } from './pictures/state-shape.js'
import type { PipelineDefaults } from './pipeline-defaults.js'
import { readPrompts } from './text/read-prompts.js'

/** What pictures are drawn with. */
export interface Drawing {
  readonly parts: PipelineParts
  readonly scheduler: Scheduler
  readonly eta: number
  readonly batchSize: number
  readonly noise: NoiseSource
  readonly emptyPromptIsZero: boolean
  readonly defaults: PipelineDefaults
}

/** Draws the pictures of a request, batch by batch, and gives them one by one. */
export async function* drawPictures(
  drawing: Drawing,
  request: GenerationRequest,
): AsyncGenerator<GeneratedImage> {
  const { parts, scheduler, eta, batchSize, noise, defaults } = drawing
  const { count, seed, hook, signal, progress } = request
  const { steps = defaults.steps, guidanceScale = defaults.guidanceScale } = request
  assertRequest(request)
  assertNotAborted(signal)
  const shape = stateShape(parts.form, request)
  const schedule = scheduler.schedule({ steps, eta })
  const prompts = await readPrompts(parts.reader, {
    ...request,
    // A hook may ask for guidance at any call.
    guided: guidanceScale > 1 || hook !== undefined,
    emptyPromptIsZero: drawing.emptyPromptIsZero,
  })
  const denoiser = onnxDenoiser({
    graph: parts.graph,
    parametrization: schedule.parametrization,
    shape,
    positive: prompts.positive,
    negative: prompts.negative,
    sizeIds: parts.graph.size && sizeIds(shape, parts.decoder.scale),
  })
  const metadata = {
    sampler: scheduler.className,
    steps,
    guidanceScale,
    warnings: prompts.warnings,
  }
  const calls = schedule.calls.length
  const batches = Math.ceil(count / batchSize)
  for (let batch = 0; batch < batches; batch++) {
    const size = Math.min(batchSize, count - batch * batchSize)
    const seeds = Array.from({ length: size }, (_, row) => seed + batch * batchSize + row)
    const { state } = await sample({
      ...{ denoiser, schedule, seeds, noise, guidanceScale },
      condition: conditionOf(prompts.positive, size),
      ...(hook && { hook }),
      ...(signal && { signal }),
      ...(progress && { progress: shifted(progress, batch * calls, batches * calls) }),
    })
    const length = state.length / size
    for (const [row, own] of seeds.entries()) {
      assertNotAborted(signal)
      const image = await parts.decoder.decode({
        ...{ state: state.slice(row * length, (row + 1) * length), shape, seed: own, signal },
      })
      yield { outcome: 'image', image, seed: own, metadata }
    }
  }
}

/** What the hook sees and may replace: the prompt's token states, once a picture. */
function conditionOf({ states, statesShape }: PromptCondition, rows: number): Tensor {
  const data = new Float32Array(rows * states.length)
  for (let row = 0; row < rows; row++) data.set(states, row * states.length)
  return { type: 'float32', dims: [rows, ...statesShape], data }
}

/** SDXL's size conditions (Podell et al. 2023, section 2.2): drawn whole at the size asked for. */
function sizeIds([, high = 0, wide = 0]: readonly number[], scale: number): number[] {
  const [height, width] = [high * scale, wide * scale]
  return [height, width, 0, 0, height, width]
}

/** Progress of one batch as part of all model calls. */
const shifted =
  (progress: Progress, before: number, total: number): Progress =>
  ({ done }) =>
    progress({ task: 'draw pictures', done: before + done, total })
