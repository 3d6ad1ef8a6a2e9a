import { AssayError, type EngineSession, type Tensor } from '@assay/core'
import type { ConceptFilter } from '../../filter/concept-filter.js'
import type { FloatImage } from '../pixels/float-image.js'
import { embeddingScore } from '../score/embedding-score.js'
import type { GradientProvider } from './gradient-provider.js'

/** What gradients through a model are made from. */
export interface OnnxGradientsOptions {
  /**
   * An opened graph with inputs `pixel_values` [batch, 3, height, width] and `cotangent` [batch, d] and
   * outputs `image_embeds` [batch, d] and `pixel_gradient`, the gradient of their inner product by the pixel
   * values. `models/recipes/tiny_clip/vjp.py` writes such a graph.
   */
  readonly session: EngineSession
  readonly filter: ConceptFilter
  /** The encoder card's: pixel values are (value - mean) / std of values in [0, 1]. */
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
}

/**
 * The score of a concept filter and its gradient by the pixels, through a model with its vector-Jacobian
 * product in one graph. Pictures must have the size of the model's input: resizing is not part of it. Each
 * call runs the graph twice, as the cotangent depends on the embedding.
 *
 * @throws AssayError from `scoreAndGradient`: `SHAPE_MISMATCH` for pictures of another size, `NOT_FINITE`,
 *   what the engine throws
 */
export function createOnnxGradients(options: OnnxGradientsOptions): GradientProvider {
  const { session, filter, mean, std } = options
  const score = embeddingScore(filter)
  const columns = filter.pairs[0]?.acceptable.vector.length ?? 0
  const noCotangent = new Float64Array(columns)
  return {
    async scoreAndGradient(picture, { signal } = {}) {
      assertFits(session, picture)
      const pixels = toPlanes(picture, (value, colour) => (value - mean[colour]!) / std[colour]!)
      const run = (cotangent: Float64Array, output: string) =>
        runGraph(session, { picture, pixels, cotangent, output, ...(signal ? { signal } : {}) })
      const embedding = await run(noCotangent, 'image_embeds')
      const { score: value, gradient: cotangent } = score(embedding)
      const planes = await run(cotangent, 'pixel_gradient')
      return {
        score: value,
        gradient: fromPlanes(planes, picture, (each, colour) => each / std[colour]!),
      }
    },
  }
}

interface GraphRun {
  readonly picture: FloatImage
  readonly pixels: Float32Array
  readonly cotangent: Float64Array
  readonly output: string
  readonly signal?: AbortSignal
}

async function runGraph(
  session: EngineSession,
  { picture, pixels, cotangent, output, signal }: GraphRun,
): Promise<Float64Array> {
  const feeds: Record<string, Tensor> = {
    pixel_values: { type: 'float32', dims: [1, 3, picture.height, picture.width], data: pixels },
    cotangent: { type: 'float32', dims: [1, cotangent.length], data: Float32Array.from(cotangent) },
  }
  const results = await session.run(feeds, { outputs: [output], ...(signal ? { signal } : {}) })
  const tensor = results[output]
  if (tensor?.type === 'float32' && tensor.data.every(Number.isFinite)) {
    return Float64Array.from(tensor.data)
  }
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `The model gives no finite float32 values for "${output}".`,
    value: tensor?.type,
    remedy: 'Check the graph against the model that it was made from.',
  })
}

type Mapping = (value: number, colour: number) => number

/** Interleaved colours to planes. */
function toPlanes({ width, height, data }: FloatImage, map: Mapping): Float32Array {
  const pixels = width * height
  return Float32Array.from(data, (_, at) => {
    const colour = Math.floor(at / pixels)
    return map(data[(at % pixels) * 3 + colour]!, colour)
  })
}

/** Planes to interleaved colours. */
function fromPlanes(planes: Float64Array, { width, height }: FloatImage, map: Mapping) {
  const pixels = width * height
  return planes.map((_, at) => map(planes[(at % 3) * pixels + Math.floor(at / 3)]!, at % 3))
}

function assertFits({ inputs }: EngineSession, { width, height }: FloatImage): void {
  const [, , rows, columns] = inputs.find(({ name }) => name === 'pixel_values')?.shape ?? []
  const fits = (size: unknown, actual: number) => typeof size === 'string' || size === actual
  if (fits(rows, height) && fits(columns, width)) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The model takes pictures of ${columns} x ${rows}, not ${width} x ${height}.`,
    value: [width, height],
    remedy: 'Resize the picture first, as the model does, and attack what it then sees.',
  })
}
