import { rowAt, type UnitRows } from '../unit-rows.js'
import { addScaled, difference, innerProduct } from '../vectors.js'

/** Texts of one side as tuning moves them. */
export interface ShiftedTexts {
  readonly texts: UnitRows
  /** How far the vector has moved. */
  readonly shift: Float64Array
  /** Of each text before it was made unit again. */
  readonly lengths: Float64Array
  /** Derivatives by the side's vector, from derivatives by the texts. */
  pullBack(textGradient: Float64Array): Float64Array
}

/**
 * The prompts of a side when its concept vector has moved from `start` to `vector`: each is shifted by as
 * much, and made unit again. This stands for a tuned text tower, which moves a concept and the prompts that
 * name it together.
 */
export function shiftedTexts(
  prompts: UnitRows,
  start: Float64Array,
  vector: Float64Array,
): ShiftedTexts {
  const { rows, columns } = prompts
  const shift = difference(vector, start)
  const texts = { values: Float64Array.from(prompts.values), rows, columns }
  const lengths = new Float64Array(rows)
  for (let row = 0; row < rows; row += 1) {
    const text = rowAt(texts, row)
    addScaled(text, 1, shift)
    const length = Math.sqrt(innerProduct(text, text))
    lengths[row] = length
    for (let at = 0; at < columns; at += 1) text[at]! /= length
  }
  return {
    texts,
    shift,
    lengths,
    pullBack(textGradient) {
      const total = new Float64Array(columns)
      for (let row = 0; row < rows; row += 1) {
        const text = rowAt(texts, row)
        const slope = textGradient.subarray(row * columns, (row + 1) * columns)
        addScaled(total, 1 / lengths[row]!, slope)
        addScaled(total, -innerProduct(slope, text) / lengths[row]!, text)
      }
      return total
    },
  }
}
