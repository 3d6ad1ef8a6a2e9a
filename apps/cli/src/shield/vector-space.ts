import { AssayError, type ImageEncoder, type RgbImage } from '@assay/core'
import { type Preprocessing, preprocessImage } from '@assay/embed'
import { type Projection, pixelSpace, poolProjection } from '@assay/repellency'

/** Where pictures are compared, by Euclidean distance. */
export interface VectorSpace {
  /** Tells spaces apart. */
  readonly name: string
  readonly dimensions: number
  /** To what vectors are shortened to rule out far ones; null where they are short. */
  readonly projection: Projection | null
  /** A protected picture as one of the size that is compared. */
  fit(image: RgbImage): Promise<RgbImage>
  /** @throws AssayError `SHAPE_MISMATCH` for a picture that is not of this space */
  assertFits(image: RgbImage): void
  /** A vector a picture, in order. */
  toVectors(images: readonly RgbImage[]): Promise<readonly Float32Array[]>
}

/** Size of pictures, in pixels. */
export type PictureSize = Pick<RgbImage, 'width' | 'height'>

/**
 * Pixels in [-1, 1], channel after channel, as generators have them that draw pixels. Protected pictures of
 * another size are scaled until the shortest side fits, each pixel the mean of those it covers, and cropped
 * to the middle: what training pictures usually go through.
 */
export function pixelVectors(size: PictureSize): VectorSpace {
  const { name, dimensions, toVector } = pixelSpace(size)
  return {
    name,
    dimensions,
    projection: poolsOf(size),
    fit: async (image) => fitted(image, size),
    assertFits: (image) => assertSize(image, size),
    toVectors: async (images) => Promise.all(images.map((image) => toVector(image))),
  }
}

/**
 * Unit embeddings of an encoder: the squared distance of two is 2 - 2 times their cosine.
 *
 * @param encoder one whose embeddings have unit length
 */
export function embeddingVectors(encoder: ImageEncoder): VectorSpace {
  const { fingerprint: name, dimensions } = encoder
  return {
    name,
    dimensions,
    projection: null,
    fit: async (image) => image,
    assertFits() {},
    async toVectors(images) {
      const items = images.map((source, at) => ({ id: String(at), source }))
      const { embeddings, failures } = await encoder.embedImages(items)
      const [failure] = failures
      if (failure) throw notEmbedded(failure.message)
      const { data, columns } = embeddings
      return images.map((_, row) => data.slice(row * columns, (row + 1) * columns))
    },
  }
}

/** Fewest squares a side: fewer tell hardly anything apart. */
const fewestSquares = 4

/** Means of squares, as large as go into the picture four times a side. */
function poolsOf({ width, height }: PictureSize): Projection | null {
  for (let pool = Math.floor(Math.min(width, height) / fewestSquares); pool > 1; pool -= 1) {
    if (width % pool === 0 && height % pool === 0) {
      return poolProjection({ channels: 3, width, height, pool })
    }
  }
  return null
}

async function fitted(image: RgbImage, { width, height }: PictureSize): Promise<RgbImage> {
  if (image.width === width && image.height === height) return image
  const planes = await preprocessImage(image, { ...levels, width, height })
  const data = new Uint8Array(planes.length)
  const plane = width * height
  for (let at = 0; at < data.length; at += 1) {
    data[at] = planes[(at % 3) * plane + Math.floor(at / 3)]!
  }
  return { width, height, data }
}

/** Levels from 0 to 255 as they are. */
const levels: Omit<Preprocessing, 'width' | 'height'> = {
  resize: 'shortest-side-centre-crop',
  shortestSide: null,
  scaledSide: 'round',
  cropOffset: 'round',
  interpolation: 'box',
  background: [255, 255, 255],
  colourProfile: 'ignore',
  scale: 1,
  mean: [0, 0, 0],
  std: [1, 1, 1],
}

function assertSize(image: RgbImage, { width, height }: PictureSize): void {
  if (image.width === width && image.height === height) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The picture has ${image.width} x ${image.height} pixels, where others have ${width} x ${height}.`,
    value: [image.width, image.height],
    remedy: 'Compare pictures of one size at a time, or in the space of an encoder.',
  })
}

const notEmbedded = (reason: string): AssayError =>
  new AssayError({
    code: 'IMAGE_UNREADABLE',
    message: `A picture could not be embedded: ${reason}`,
    remedy: 'Leave it out, or choose another space.',
  })
