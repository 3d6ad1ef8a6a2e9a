import {
  AssayError,
  createMatrix,
  type ItemFailure,
  itemFailure,
  type Matrix,
  type Progress,
  type RgbImage,
} from '@assay/core'
import { inBatches, mapInOrder } from '@assay/core/iteration'
import type { SourcePicture } from './source-pictures.js'
import type { VectorSpace } from './vector-space.js'

/** Pictures as vectors. */
export interface PictureVectors {
  /** Those that could be compared, in order. */
  readonly pictures: readonly SourcePicture[]
  /** A picture a row; its fingerprint names the space. */
  readonly vectors: Matrix
  readonly failures: readonly ItemFailure[]
}

/** What pictures are brought where. */
export interface PictureVectorsOptions {
  readonly pictures: readonly SourcePicture[]
  readonly space: VectorSpace
  /** Whether pictures of another size are brought to that of the space, as protected ones are. */
  readonly fit: boolean
  /** What progress calls it. */
  readonly task: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

const batchSize = 32

/** Pictures that are decoded side by side. */
const decodedAtOnce = 4

/** Memory that vectors may take, in bytes. */
const mostBytes = 2 ** 31

/**
 * Brings pictures into a space; those that cannot be read, or are of another size, are failures.
 *
 * @throws AssayError `LIMIT_EXCEEDED` for more than 2 GiB of vectors, `ABORTED`
 */
export async function pictureVectors(options: PictureVectorsOptions): Promise<PictureVectors> {
  const { pictures, space, task, progress, signal } = options
  assertFitsMemory(pictures.length, space)
  const kept: SourcePicture[] = []
  const failures: ItemFailure[] = []
  const data = new Float32Array(pictures.length * space.dimensions)
  for await (const batch of inBatches(pictures, batchSize)) {
    signal.throwIfAborted()
    const read: Read[] = []
    for await (const each of mapInOrder(batch, decodedAtOnce, readPictureOf(options)))
      read.push(each)
    const whole = read.filter((each) => 'image' in each)
    const vectors = await space.toVectors(whole.map(({ image }) => image))
    for (const [at, vector] of vectors.entries()) {
      data.set(vector, kept.length * space.dimensions)
      kept.push(whole[at]!.picture)
    }
    for (const each of read) if ('failure' in each) failures.push(each.failure)
    progress({ task, done: kept.length + failures.length, total: pictures.length })
  }
  const vectors = createMatrix({
    data: data.subarray(0, kept.length * space.dimensions),
    columns: space.dimensions,
    fingerprint: space.name,
    ids: kept.map(({ id }) => id),
  })
  return { pictures: kept, vectors, failures }
}

type Read =
  | { readonly picture: SourcePicture; readonly image: RgbImage }
  | { readonly failure: ItemFailure }

const readPictureOf =
  ({ space, fit, signal }: PictureVectorsOptions) =>
  async (picture: SourcePicture): Promise<Read> => {
    try {
      const decoded = await picture.decode(signal)
      const image = fit ? await space.fit(decoded) : decoded
      space.assertFits(image)
      return { picture, image }
    } catch (error) {
      if (signal.aborted) throw error
      return { failure: itemFailure(picture.id, 'read', error) }
    }
  }

function assertFitsMemory(pictures: number, { dimensions }: VectorSpace): void {
  const bytes = 4 * pictures * dimensions
  if (bytes <= mostBytes) return
  throw new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `${pictures} pictures of ${dimensions} numbers need ${bytes} bytes of memory.`,
    value: bytes,
    remedy:
      'Keep references on disk: `writeShieldReferences` of @assay/repellency/node writes them.',
  })
}
