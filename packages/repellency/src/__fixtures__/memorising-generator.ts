import {
  AssayError,
  createRandom,
  type GeneratedImage,
  type GenerationRequest,
  type ImageGenerator,
  type RgbImage,
} from '@assay/core'
import { type DrawOptions, drawBatch, mixtureDenoiser } from './gaussian-mixture.js'

export const side = 4
export const dimensions = 3 * side * side

/** Pictures in [-1, 1] of whole levels, channel planes. */
export const memorised = Array.from({ length: 30 }, (_, at) => {
  const { integer } = createRandom(`memorised ${at}`)
  return Float64Array.from({ length: dimensions }, () => Math.fround(integer(256) / 127.5 - 1))
})

const fault = (code: 'INVALID_ARGUMENT' | 'ABORTED' | 'NOT_FINITE') =>
  new AssayError({ code, message: `It is ${code}.`, remedy: 'Mend it.' })

const isWhole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least

function assertRequest(request: GenerationRequest): void {
  const { count, seed, steps = 4, width = side, height = side, guidanceScale = 1 } = request
  const isDrawable = isWhole(count, 1) && isWhole(steps, 1) && width === side && height === side
  if (!isDrawable || !isWhole(seed, 0) || !isWhole(seed + (count - 1), 0)) {
    throw fault('INVALID_ARGUMENT')
  }
  if (!Number.isFinite(guidanceScale)) throw fault('NOT_FINITE')
}

/** A picture of 8 bits a channel. */
function imageOf(planes: Float64Array): RgbImage {
  const pixels = side * side
  const data = new Uint8Array(dimensions)
  for (let at = 0; at < dimensions; at += 1) {
    const level = Math.round((planes[(at % 3) * pixels + Math.floor(at / 3)]! + 1) * 127.5)
    data[at] = Math.min(255, Math.max(0, level))
  }
  return { width: side, height: side, data }
}

/** A generator of pixels that copies one of its thirty pictures, in batches of three. */
export function memorisingGenerator(drawing: Partial<DrawOptions> = {}): ImageGenerator {
  const denoise = mixtureDenoiser({ means: memorised, spread: 0 })
  async function* generate(request: GenerationRequest): AsyncGenerator<GeneratedImage> {
    assertRequest(request)
    const { prompt, count, seed, hook, steps = 4, signal, progress } = request
    for (let first = 0; first < count; first += 3) {
      if (signal?.aborted) throw fault('ABORTED')
      const length = Math.min(3, count - first)
      const seeds = Array.from({ length }, (_, row) => seed + first + row)
      const pictures = await drawBatch({
        ...{ denoise, dimensions, seeds, steps, sampler: 'euler', random: createRandom(prompt) },
        ...(hook && { hook }),
        ...drawing,
      })
      for (const [row, picture] of pictures.entries()) {
        if (signal?.aborted) throw fault('ABORTED')
        progress?.({ task: 'draw', done: first + row + 1, total: count })
        yield { outcome: 'image', image: imageOf(picture), seed: seeds[row]! }
      }
    }
  }
  return { specificationVersion: 1, id: 'memoriser', fingerprint: 'memoriser 1', generate }
}
