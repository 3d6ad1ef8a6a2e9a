import type { Tensor } from '@assay/core'
import type { DenoiserGraph } from './denoiser-graph.js'
import { numberTensor } from './number-tensor.js'

/**
 * A timestep in the form that a graph takes: one number without dimensions, one for all rows, or one a
 * row. What optimum exports as `steps` is one for all in a U-Net and one a row in a transformer.
 */
export function timestepFeed(
  { timestep: input, sample, form }: Pick<DenoiserGraph, 'timestep' | 'sample' | 'form'>,
  timestep: number,
  rows: number,
): Tensor {
  const [length] = input.shape
  if (length === undefined) return numberTensor(input.type, [], [timestep])
  const eachRow =
    length !== 1 && (length === sample.shape[0] || form === 'states-and-pooled' || length === rows)
  const count = eachRow ? rows : 1
  return numberTensor(input.type, [count], new Array<number>(count).fill(timestep))
}
