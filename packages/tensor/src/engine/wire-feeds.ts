import type { Tensor } from '@assay/core'
import { ownCopy } from './own-copy.js'
import { PlacedTensor, type ResidentTensor } from './resident-tensor.js'
import type { WireFeed } from './worker-calls.js'

/** What a run may be fed with: a tensor, or one that lives in the worker already. */
export type Feed = Tensor | ResidentTensor

/** Feeds ready to be posted, and the buffers that move with them. */
export interface Parcel {
  readonly feeds: Record<string, WireFeed>
  readonly transfer: ArrayBuffer[]
}

/**
 * A tensor ready to be posted: copied once, or itself where the caller gives it up and it fills its
 * buffer. (Posting a view as it is would copy the whole buffer underneath.)
 */
export function packTensor(tensor: Tensor, giveUp: boolean): Tensor {
  const { buffer, byteLength } = tensor.data
  const moves = giveUp && buffer instanceof ArrayBuffer && byteLength === buffer.byteLength
  const data = moves ? tensor.data : ownCopy(tensor.data)
  return { ...tensor, dims: [...tensor.dims], data } as Tensor
}

/** Packs feeds for a worker; see {@link packTensor}. */
export function packFeeds(feeds: Readonly<Record<string, Feed>>, giveUp: boolean): Parcel {
  const transfer = new Set<ArrayBuffer>()
  const packed = Object.entries(feeds).map(([name, feed]): [string, WireFeed] => {
    if (!('data' in feed)) return [name, feed.handle]
    const tensor = packTensor(feed, giveUp)
    transfer.add(tensor.data.buffer as ArrayBuffer)
    return [name, tensor]
  })
  return { feeds: Object.fromEntries(packed), transfer: [...transfer] }
}

/** Whether a feed lives in a worker. */
export function isResident(feed: Feed): feed is PlacedTensor {
  return feed instanceof PlacedTensor
}
