import {
  AssayError,
  type GeneratedImage,
  type ImageGenerator,
  type ItemFailure,
  itemFailure,
  type Progress,
} from '@assay/core'
import type { PictureRequest } from './picture-request.js'

/** A picture that could not be drawn. */
export interface FailedPicture {
  readonly outcome: 'failed'
  readonly seed: number
  readonly failure: ItemFailure
  readonly error: AssayError
}

/** What is drawn with what. */
export interface Drawing {
  readonly generator: ImageGenerator
  readonly request: PictureRequest
  readonly signal: AbortSignal | undefined
  /** Told how many pictures' work is done of what is under way; a fraction. */
  readonly underWay: (pictures: number) => void
}

/** Errors that concern every picture: to go on would fail again and again. */
const fatalKinds: readonly string[] = ['configuration', 'storage', 'model']

/**
 * Draws the pictures of some seeds of a request. Where a batch fails, every picture of it that is
 * missing is drawn alone, so that a picture's failure is its own.
 *
 * @throws AssayError `ABORTED`, and errors that concern every picture
 */
export async function* drawPictures(
  drawing: Drawing,
  seeds: readonly number[],
): AsyncGenerator<GeneratedImage | FailedPicture> {
  for (const batch of consecutive(seeds)) yield* drawBatch(drawing, batch)
}

async function* drawBatch(
  drawing: Drawing,
  seeds: readonly number[],
): AsyncGenerator<GeneratedImage | FailedPicture> {
  const missing = new Set(seeds)
  try {
    const progress: Progress = ({ done, total }) => {
      const finished = seeds.length - missing.size
      if (total) drawing.underWay(Math.max(0, (done / total) * seeds.length - finished))
    }
    for await (const image of ask(drawing, seeds, progress)) {
      if (!missing.delete(image.seed)) throw notAsked(image.seed)
      yield image
      drawing.signal?.throwIfAborted()
    }
    if (missing.size > 0) throw leftOut(missing.size, seeds.length)
  } catch (error) {
    assertNotFatal(drawing, error)
    const isOwn = seeds.length === 1 || error.code === 'INVALID_ARGUMENT'
    for (const seed of missing) {
      if (isOwn) yield failed(drawing, seed, error)
      else yield* drawBatch(drawing, [seed])
    }
  }
}

function ask(
  { generator, request, signal }: Drawing,
  seeds: readonly number[],
  progress: Progress,
): AsyncIterable<GeneratedImage> {
  const range = { seed: seeds[0] ?? 0, count: seeds.length }
  return generator.generate({ ...request, ...range, progress, ...(signal && { signal }) })
}

function assertNotFatal({ signal }: Drawing, error: unknown): asserts error is AssayError {
  if (signal?.aborted) throw aborted(error)
  const isFatal = !AssayError.isInstance(error) || fatalKinds.includes(error.kind)
  if (isFatal || error.kind === 'aborted' || error.code === 'ENGINE_CLOSED') throw error
}

const failed = ({ request }: Drawing, seed: number, error: AssayError): FailedPicture => {
  const failure = itemFailure(`${request.prompt} (seed ${seed})`, 'generate', error)
  return { outcome: 'failed', seed, failure, error }
}

/** Seeds in runs of neighbours: a request asks for neighbours only. */
function consecutive(seeds: readonly number[]): number[][] {
  const runs: number[][] = []
  for (const seed of seeds) {
    const run = runs.at(-1)
    if (run?.at(-1) === seed - 1) run.push(seed)
    else runs.push([seed])
  }
  return runs
}

const aborted = (cause: unknown) =>
  new AssayError({
    code: 'ABORTED',
    message: 'Drawing was aborted.',
    remedy: 'Run it again: what was drawn is kept.',
    cause,
  })

const notAsked = (seed: number) =>
  new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `The generator drew a picture of seed ${seed}, which was not asked for, or drew it twice.`,
    value: seed,
    remedy: 'Mend the generator: one picture for each seed from `seed` to `seed + count - 1`.',
  })

const leftOut = (missing: number, asked: number) =>
  new AssayError({
    code: 'CONFORMANCE_FAILED',
    message: `The generator left out ${missing} of ${asked} pictures.`,
    value: missing,
    remedy: 'Mend the generator: one picture for each seed, or a refusal.',
  })
