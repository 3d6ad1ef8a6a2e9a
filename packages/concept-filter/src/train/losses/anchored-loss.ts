import type { ConceptVectors, TuningLoss } from '../tuning-loss.js'
import { addScaled, difference, innerProduct } from '../vectors.js'

/**
 * A loss that also holds both vectors to where they started: + λ |c_u - c_u⁰|² + λ |c_a - c_a⁰|². Without
 * an anchor, a loss that only separates the vectors ends at c_a = -c_u, where neither means anything.
 */
export function anchoredLoss(loss: TuningLoss, start: ConceptVectors, anchor: number): TuningLoss {
  if (anchor === 0) return loss
  return (vectors) => {
    const { loss: value, gradient } = loss(vectors)
    let pull = 0
    const pulled = (side: keyof ConceptVectors) => {
      const moved = difference(vectors[side], start[side])
      pull += anchor * innerProduct(moved, moved)
      const total = Float64Array.from(gradient[side])
      addScaled(total, 2 * anchor, moved)
      return total
    }
    const total = { unacceptable: pulled('unacceptable'), acceptable: pulled('acceptable') }
    return { loss: value + pull, gradient: total }
  }
}
