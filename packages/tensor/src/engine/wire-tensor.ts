import type { Tensor } from '@assay/core'

/** Tensors ready to be posted, and the buffers that move with them. */
export interface Parcel {
  readonly feeds: Record<string, Tensor>
  readonly transfer: ArrayBuffer[]
}

/**
 * Packs tensors for another thread: each is copied once, or moved where the caller gives it up and it
 * fills its buffer. (Posting a view as it is would copy the whole buffer underneath.)
 */
export function packTensors(feeds: Readonly<Record<string, Tensor>>, giveUp: boolean): Parcel {
  const transfer = new Set<ArrayBuffer>()
  const packed = Object.entries(feeds).map(([name, tensor]): [string, Tensor] => {
    const { buffer, byteLength } = tensor.data
    const whole = byteLength === buffer.byteLength
    const moves = giveUp && whole && buffer instanceof ArrayBuffer
    const data = moves ? tensor.data : tensor.data.slice()
    if (data.buffer instanceof ArrayBuffer) transfer.add(data.buffer)
    return [name, { ...tensor, dims: [...tensor.dims], data } as Tensor]
  })
  return { feeds: Object.fromEntries(packed), transfer: [...transfer] }
}
