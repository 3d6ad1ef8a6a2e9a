import {
  AssayError,
  type GeneratedImage,
  type GenerationRequest,
  type ImageGenerator,
  type Progress,
  type Tensor,
} from '@assay/core'
import { sha256 } from '@assay/store'
import { assertRequest } from '../pipeline/assert-request.js'
import type { Denoiser } from '../sampling/denoiser.js'
import { sample } from '../sampling/sample.js'
import { assertNotAborted } from '../sampling/sampling-errors.js'
import { analyticSchedule } from './analytic-schedule.js'
import { assertWhole } from './assert-whole.js'
import type { Attribution } from './attribution.js'
import { imageOf } from './image-of.js'
import type { PictureBank } from './picture-bank.js'
import { type PictureSelection, selectionWeights } from './picture-selection.js'
import { type PromptScore, type PromptScoreOptions, promptScore } from './prompt-score.js'

/** What every analytic generator is made from. */
export interface AnalyticGeneratorOptions extends PromptScoreOptions, PictureSelection {
  /** Model calls a picture where the request does not say. Default: 30 */
  readonly steps?: number
  /** Pictures that are drawn side by side; no picture depends on it unless a hook looks sideways. Default: 8 */
  readonly batchSize?: number
}

/** What an analytic generator tells of each picture, as its `metadata`. */
export interface AnalyticMetadata {
  readonly steps: number
  readonly guidanceScale: number
  readonly attribution: Attribution
}

/** A generator whose denoiser is known in closed form over a bank of pictures. */
export interface AnalyticGenerator extends ImageGenerator {
  readonly fingerprint: string
  readonly bank: PictureBank
  /** For the samplers of this package; its condition is what `prior` gives. */
  readonly denoiser: Denoiser
  /**
   * The prior over the bank that a prompt means: unnormalised logarithms, float64 [1, pictures],
   * -Infinity for those that do not count.
   */
  prior(prompt: string, options?: { readonly signal?: AbortSignal }): Promise<Tensor>
  /**
   * The generator over the bank without these pictures: exact unlearning.
   *
   * @throws AssayError `INVALID_ARGUMENT` for an unknown id, `EMPTY_INPUT` where no picture is left
   */
  without(ids: Iterable<string>): AnalyticGenerator
}

/** What makes one kind of analytic generator. */
export interface AnalyticKind {
  readonly id: string
  readonly denoiser: Denoiser
  /** What the denoiser depends on beside bank and prior, as JSON. */
  readonly settings: unknown
}

/** The parts that a generator and those without some of its pictures have in common. */
interface Parts {
  readonly kind: AnalyticKind
  readonly options: AnalyticGeneratorOptions
  readonly score: PromptScore
  readonly steps: number
  readonly batchSize: number
}

/**
 * The generator of one kind.
 *
 * @throws AssayError as its options say
 */
export function analyticGenerator(
  kind: AnalyticKind,
  options: AnalyticGeneratorOptions,
): AnalyticGenerator {
  const { steps = 30, batchSize = 8, include, exclude = [], weights } = options
  assertWhole('steps', steps, 1)
  assertWhole('batchSize', batchSize, 1)
  const selection = {
    ...(include && { include: [...include] }),
    ...(weights && { weights: new Map(weights) }),
    exclude: [...exclude],
  }
  return generatorOver({ kind, options, score: promptScore(options), steps, batchSize }, selection)
}

interface OwnSelection extends PictureSelection {
  readonly exclude: readonly string[]
}

function generatorOver(parts: Parts, selection: OwnSelection): AnalyticGenerator {
  const { kind, options, score } = parts
  const { bank } = options
  const weights = selectionWeights(bank, selection)
  const prior: AnalyticGenerator['prior'] = async (prompt, { signal } = {}) => {
    const data = await score({ prompt, weights, signal })
    return { type: 'float64', dims: [1, data.length], data }
  }
  return {
    specificationVersion: 1,
    id: kind.id,
    fingerprint: fingerprintOf(parts, weights),
    bank,
    denoiser: kind.denoiser,
    prior,
    without: (ids) =>
      generatorOver(parts, { ...selection, exclude: [...selection.exclude, ...ids] }),
    generate: (request) => drawPictures(parts, prior, request),
  }
}

function fingerprintOf({ kind, options, steps }: Parts, weights: Float64Array): string {
  const { bank, textEncoder, wordStrength = 40, similarityStrength = 40 } = options
  const encoder = textEncoder?.fingerprint ?? null
  const prior = [encoder, wordStrength, similarityStrength, sha256(JSON.stringify([...weights]))]
  return sha256(JSON.stringify([1, kind.id, kind.settings, bank.fingerprint, prior, steps]))
}

async function* drawPictures(
  { kind, options, batchSize, ...defaults }: Parts,
  prior: AnalyticGenerator['prior'],
  request: GenerationRequest,
): AsyncGenerator<GeneratedImage> {
  const { prompt, count, seed, hook, signal, progress } = request
  const { steps = defaults.steps, guidanceScale = 1 } = request
  assertRequest(request)
  assertDrawable(options.bank, request)
  assertNotAborted(signal)
  const { denoiser } = kind
  const condition = await prior(prompt, signal && { signal })
  const schedule = analyticSchedule(steps)
  const batches = Math.ceil(count / batchSize)
  for (let batch = 0; batch < batches; batch++) {
    const first = batch * batchSize
    const length = Math.min(batchSize, count - first)
    const seeds = Array.from({ length }, (_, row) => seed + first + row)
    const { state, attachments } = await sample({
      ...{ denoiser, schedule, seeds, condition, guidanceScale },
      ...(hook && { hook }),
      ...(signal && { signal }),
      ...(progress && { progress: callProgress(progress, batch * steps, batches * steps) }),
    })
    for (const [row, own] of seeds.entries()) {
      assertNotAborted(signal)
      const attribution = attachments?.[row] as Attribution
      const metadata = { steps, guidanceScale, attribution } satisfies AnalyticMetadata
      yield { outcome: 'image', image: imageOf(options.bank, state, row), seed: own, metadata }
    }
  }
}

/** Progress of one batch as part of all model calls. */
const callProgress =
  (progress: Progress, before: number, total: number): Progress =>
  ({ done }) =>
    progress({ task: 'draw pictures', done: before + done, total })

/** @throws AssayError `INVALID_ARGUMENT` for what a bank cannot do */
function assertDrawable(bank: PictureBank, request: GenerationRequest): void {
  const { width = bank.width, height = bank.height, negativePrompt = '' } = request
  if (width === bank.width && height === bank.height && negativePrompt === '') return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `Pictures of a bank are ${bank.width} x ${bank.height} and are drawn without negative prompt.`,
    value: negativePrompt === '' ? [width, height] : negativePrompt,
    remedy: 'Leave size and negative prompt out; leave pictures out with `without`.',
  })
}
