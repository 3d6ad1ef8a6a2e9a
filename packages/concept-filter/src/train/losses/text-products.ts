import { rowAt, type UnitRows } from '../unit-rows.js'
import { addScaled, innerProduct } from '../vectors.js'
import type { ShiftedTexts } from './shifted-texts.js'

/** Cosines of pictures (rows) with shifted texts (columns). */
interface ShiftedProducts {
  /** Row-major. */
  readonly values: Float64Array
  /** Derivatives by the shift, from derivatives by the cosines. */
  pullBack(slopes: Float64Array): Float64Array
}

/** Pictures beside prompts, worked out once for all shifts. */
export interface TextProducts {
  with(texts: ShiftedTexts): ShiftedProducts
}

/**
 * Cosines of pictures x with texts t⁰ that move by a common shift s: (x · t⁰ + x · s) / |t⁰ + s|. What does
 * not depend on the shift is worked out once, so that each step costs as many products as there are
 * pictures, not as many as there are pairs of a picture and a text.
 */
export function textProducts(pictures: UnitRows, prompts: UnitRows): TextProducts {
  const [count, width] = [pictures.rows, prompts.rows]
  const still = new Float64Array(count * width)
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < width; column += 1) {
      still[row * width + column] = innerProduct(rowAt(pictures, row), rowAt(prompts, column))
    }
  }
  return {
    with(texts) {
      const { shift, lengths } = texts
      const moved = Float64Array.from({ length: count }, (_, row) =>
        innerProduct(rowAt(pictures, row), shift),
      )
      const values = still.map(
        (product, at) => (product + moved[Math.floor(at / width)]!) / lengths[at % width]!,
      )
      return { values, pullBack: (slopes) => pullBack({ pictures, texts, values, slopes }) }
    },
  }
}

interface PullBackOptions {
  readonly pictures: UnitRows
  readonly texts: ShiftedTexts
  readonly values: Float64Array
  readonly slopes: Float64Array
}

/** Σ slope (x - cosine t) / |t⁰ + s| over pictures x and unit texts t. */
function pullBack({ pictures, texts: { texts, lengths }, values, slopes }: PullBackOptions) {
  const towards = new Float64Array(pictures.rows)
  const along = new Float64Array(texts.rows)
  slopes.forEach((slope, at) => {
    const [row, column] = [Math.floor(at / texts.rows), at % texts.rows]
    const share = slope / lengths[column]!
    towards[row]! += share
    along[column]! += share * values[at]!
  })
  const total = new Float64Array(texts.columns)
  for (let row = 0; row < pictures.rows; row += 1)
    addScaled(total, towards[row]!, rowAt(pictures, row))
  for (let row = 0; row < texts.rows; row += 1) addScaled(total, -along[row]!, rowAt(texts, row))
  return total
}
