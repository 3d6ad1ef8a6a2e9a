import type { RgbImage } from '@assay/core'
import { halfRange } from './observation.js'

/** Mean square difference of two pictures of one size, levels told in [-1, 1]: from 0 to 4. */
export function meanSquareDifference({ data }: RgbImage, other: RgbImage): number {
  let sum = 0
  for (let at = 0; at < data.length; at++) sum += (data[at]! - other.data[at]!) ** 2
  return sum / (data.length * halfRange ** 2)
}
