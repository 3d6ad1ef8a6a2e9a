import type { Tensor } from '@assay/core'

/**
 * A copy of the values in a buffer of its own, which can move to a worker. (`slice` of a Node Buffer
 * is a view of the caller's memory, and moving that would take it from the caller.)
 */
export function ownCopy<Data extends Tensor['data']>(data: Data): Data {
  return (data instanceof Uint8Array ? new Uint8Array(data) : data.slice()) as Data
}
