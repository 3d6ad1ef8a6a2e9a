import type { Tensor } from '@assay/core'

/**
 * A runtime's tensor as the contract has it. Where the platform has a Float16Array (Node from 24 on,
 * new browsers) the runtime answers with one; the contract carries the bits, everywhere alike.
 */
export function contractTensor({ type, dims, data }: Tensor): Tensor {
  const { buffer, byteOffset, length } = data
  const bits = type === 'float16' ? new Uint16Array(buffer, byteOffset, length) : data
  return { type, dims, data: bits } as Tensor
}
