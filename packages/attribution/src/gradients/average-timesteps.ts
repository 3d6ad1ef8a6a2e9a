import { AssayError } from '@assay/core'
import { gradientBlocks } from './gradient-blocks.js'
import type { GradientRows, GradientSet, ProjectionRecord } from './gradient-set.js'

/** What is averaged. */
export interface AverageTimestepsOptions {
  /** Gradients of the same pictures at each timestep, at least one set. */
  readonly timesteps: readonly GradientRows[]
  /**
   * Whether each gradient is made a unit vector first, so that no timestep outweighs the others by the
   * length of its gradients alone. Default: true.
   */
  readonly normalize?: boolean
  /** How the gradients were made; `timesteps` and `normalized` are filled in. Default: not known. */
  readonly projection?: Omit<ProjectionRecord, 'timesteps' | 'normalized'>
  readonly signal?: AbortSignal
}

/** Mean gradients. */
export interface AveragedGradients extends GradientSet {
  /** Gradients that were all zeros, over pictures and timesteps, and so had no direction: they add nothing. */
  readonly zeroGradients: number
}

/**
 * The mean over timesteps of each picture's gradients, by default of their directions (DAS: Lin et al.
 * 2025, "Diffusion attribution score: evaluating training data influence in diffusion models"), in
 * float64.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH`, `NOT_FINITE` with row and id, `ABORTED`, and what
 *   reading a file throws
 */
export async function averageTimesteps(
  options: AverageTimestepsOptions,
): Promise<AveragedGradients> {
  const { timesteps, normalize = true, projection, signal } = options
  const first = assertAlike(timesteps)
  const { rows, columns, ids = null } = first
  const data = new Float64Array(rows * columns)
  let zeroGradients = 0
  for (const timestep of timesteps) {
    for await (const block of gradientBlocks(timestep, { signal })) {
      for (let row = 0; row < block.rows; row++) {
        const gradient = block.data.subarray(row * columns, (row + 1) * columns)
        const length = normalize ? lengthOf(gradient) : 1
        if (length === 0) zeroGradients += 1
        else addTo(data, (block.firstRow + row) * columns, { gradient, length })
      }
    }
  }
  for (let at = 0; at < data.length; at++) data[at] = data[at]! / timesteps.length
  const made = { timesteps: timesteps.length, normalized: normalize }
  return {
    rows: { data, rows, columns, ids },
    projection: projection ? { ...projection, ...made } : null,
    zeroGradients,
  }
}

function lengthOf(vector: Float64Array): number {
  let sum = 0
  for (const value of vector) sum += value ** 2
  return Math.sqrt(sum)
}

function addTo(
  data: Float64Array,
  start: number,
  { gradient, length }: { readonly gradient: Float64Array; readonly length: number },
): void {
  for (let column = 0; column < gradient.length; column++) {
    data[start + column] = data[start + column]! + gradient[column]! / length
  }
}

function assertAlike(timesteps: readonly GradientRows[]): GradientRows {
  const [first] = timesteps
  if (!first) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There is no timestep to average over.',
      value: 0,
      remedy: 'Give the gradients at one timestep or more.',
    })
  }
  const shape = ({ rows, columns }: GradientRows) => `${rows} × ${columns}`
  const odd = timesteps.find((other) => shape(other) !== shape(first))
  if (!odd) return first
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `Timesteps have gradients of ${shape(first)} and of ${shape(odd)}.`,
    value: [shape(first), shape(odd)],
    remedy: 'Give the same pictures at every timestep, projected in the same way.',
  })
}
