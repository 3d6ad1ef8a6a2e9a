import { AssayError } from '@assay/core'
import type { FloatArray } from './float-array.js'
import type { NoiseSource } from './noise-source.js'
import type { Precision } from './precision.js'
import type { SampleOptions } from './sample-options.js'
import { shapeError } from './sampling-errors.js'
import { seededNoise } from './seeded-noise.js'

/** One run's pictures: what stays the same from call to call. */
export interface Batch<Values extends FloatArray> {
  readonly precision: Precision<Values>
  readonly options: SampleOptions<Values>
  /** Numbers a picture. */
  readonly length: number
  /** Shape of the whole state: the pictures' number, then the shape of one. */
  readonly dims: readonly number[]
  /** How many calls back the schedule looks at most. */
  readonly memory: number
}

/**
 * @throws AssayError `EMPTY_INPUT` without a seed; `INVALID_ARGUMENT` for a schedule that looks back
 *   before its first call
 */
export function openBatch<Values extends FloatArray>(
  precision: Precision<Values>,
  options: SampleOptions<Values>,
): Batch<Values> {
  const { seeds, denoiser, schedule } = options
  if (seeds.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no seed, so there is no picture to draw.',
      value: seeds,
      remedy: 'Pass one seed for each picture.',
    })
  }
  const length = denoiser.shape.reduce((product, size) => product * size, 1)
  const looks = schedule.calls.map(({ update }) => update.earlier.length)
  const tooFar = looks.findIndex((look, index) => look > index)
  if (tooFar >= 0) throw lookError(tooFar, looks[tooFar])
  const dims = [seeds.length, ...denoiser.shape]
  return { precision, options, length, dims, memory: Math.max(0, ...looks) }
}

/** Standard normal noise for the whole batch, each picture's from its own seed. */
export function batchNoise<Values extends FloatArray>(
  { options, length }: Batch<Values>,
  draw: number,
): Float32Array {
  const source: NoiseSource = options.noise ?? seededNoise
  const noise = new Float32Array(options.seeds.length * length)
  for (const [row, seed] of options.seeds.entries()) {
    const values = source(seed, draw, length)
    if (values.length !== length) {
      throw shapeError('Noise', `${values.length} numbers long`, `${length} numbers a picture`)
    }
    noise.set(values, row * length)
  }
  return noise
}

const lookError = (index: number, look: number | undefined) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The update of model call ${index} looks back ${look} calls, before the first.`,
    value: look,
    remedy:
      'Take a schedule of `readScheduler`, or give updates no more earlier calls than there are.',
  })
