import type { TuningLoss } from '../tuning-loss.js'
import { difference, innerProduct } from '../vectors.js'

/**
 * L_Non-Con = -|c_u - c_a|, for an unacceptable concept that is a special case of the acceptable one: no
 * picture takes part, as a picture of Snoopy is a picture of a dog.
 *
 * Source: Espresso (2024), the non-contrastive objective as it is meant.
 */
export const textSeparationLoss: TuningLoss = ({ unacceptable, acceptable }) => {
  const along = difference(unacceptable, acceptable)
  const length = Math.sqrt(innerProduct(along, along))
  const direction = along.map((value) => (length === 0 ? 0 : value / length))
  return {
    loss: -length,
    gradient: { unacceptable: direction.map((value) => -value), acceptable: direction },
  }
}
