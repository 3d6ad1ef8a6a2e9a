import type {
  GeneratedImage,
  GenerationRequest,
  ImageGenerator,
} from '../../../contracts/image-generator.js'
import { AssayError } from '../../../errors/assay-error.js'
import type { AssayErrorCode } from '../../../errors/error-codes.js'
import { createRandom } from '../../../random/create-random.js'

const fault = (code: AssayErrorCode) =>
  new AssayError({ code, message: `It is ${code}.`, remedy: 'Mend it.' })

const isWhole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least

function assertRequest(request: GenerationRequest): void {
  const { count, seed, steps = 2, width = 4, height = 4, guidanceScale = 1 } = request
  const wholes = [count, steps, width, height].every((value) => isWhole(value, 1))
  if (!wholes || !isWhole(seed, 0) || !isWhole(seed + (count - 1), 0)) throw fault('INVALID_ARGUMENT')
  if (!Number.isFinite(guidanceScale)) throw fault('NOT_FINITE')
}

function assertNotAborted({ signal }: GenerationRequest): void {
  if (signal?.aborted) throw fault('ABORTED')
}

/** Noise in place of a picture, a function of prompt, seed and size. */
function drawn({ prompt, width = 4, height = 4 }: GenerationRequest, seed: number): GeneratedImage {
  const { integer } = createRandom(`${prompt} ${seed}`)
  const data = Uint8Array.from({ length: 3 * width * height }, () => integer(256))
  return { outcome: 'image', seed, image: { width, height, data } }
}

async function callHook(
  { hook, steps = 2 }: GenerationRequest,
  seeds: readonly number[],
): Promise<void> {
  const rows = seeds.length
  const tensor = { type: 'float32', dims: [rows, 1], data: new Float32Array(rows) } as const
  for (let index = 0; index < steps; index++) {
    const noiseCoefficient = 1 - index / steps
    await hook?.({
      ...{ index, count: steps, timestep: index, seeds, condition: null },
      ...{ state: tensor, prediction: tensor },
      ...{ signalCoefficient: 1 - noiseCoefficient, noiseCoefficient, guidanceScale: 1 },
    })
  }
}

async function* generate(request: GenerationRequest): AsyncGenerator<GeneratedImage> {
  assertRequest(request)
  const { prompt, count, seed, progress } = request
  for (let done = 0; done < count; done++) {
    assertNotAborted(request)
    await callHook(request, [seed + done])
    assertNotAborted(request)
    progress?.({ task: 'draw', done: done + 1, total: count })
    const own = seed + done
    if (prompt === 'forbidden') yield { outcome: 'rejected', seed: own, reason: 'Against the rules.' }
    else yield drawn(request, own)
  }
}

/** A generator of noise that keeps the contract and rejects the prompt `forbidden`. */
export const honestGenerator: ImageGenerator = {
  specificationVersion: 1,
  id: 'noise',
  fingerprint: 'noise 1',
  generate,
}
