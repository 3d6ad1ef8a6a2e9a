import { rowAt, type UnitRows } from '../unit-rows.js'
import { addScaled, innerProduct } from '../vectors.js'

/** What {@link symmetricInfoNce} says. */
export interface InfoNceLoss {
  readonly loss: number
  /** Derivatives by the texts, row-major as they are. */
  readonly textGradient: Float64Array
}

/**
 * The symmetric InfoNCE loss of CLIP over pictures and texts of which those of one row belong together:
 * half the mean over rows, and half the mean over columns, of -ln softmax(scale · X Tᵀ) on the diagonal.
 *
 * Source: van den Oord et al. (2018), equation 4; Radford et al. (2021), figure 3.
 */
export function symmetricInfoNce(pictures: UnitRows, texts: UnitRows, scale: number): InfoNceLoss {
  const count = pictures.rows
  const logits = new Float64Array(count * count)
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      logits[row * count + column] =
        scale * innerProduct(rowAt(pictures, row), rowAt(texts, column))
    }
  }
  const byRows = crossEntropy(logits, count, { step: 1, stride: count })
  const byColumns = crossEntropy(logits, count, { step: count, stride: 1 })
  const textGradient = new Float64Array(texts.values.length)
  for (let column = 0; column < count; column += 1) {
    const target = textGradient.subarray(column * texts.columns, (column + 1) * texts.columns)
    for (let row = 0; row < count; row += 1) {
      const at = row * count + column
      const slope = (byRows.slopes[at]! + byColumns.slopes[at]!) / 2
      addScaled(target, scale * slope, rowAt(pictures, row))
    }
  }
  return { loss: (byRows.loss + byColumns.loss) / 2, textGradient }
}

/** Mean of -ln softmax on the diagonal, over lines of a square, with its derivatives by every logit. */
function crossEntropy(
  logits: Float64Array,
  count: number,
  { step, stride }: { readonly step: number; readonly stride: number },
): { readonly loss: number; readonly slopes: Float64Array } {
  const slopes = new Float64Array(logits.length)
  let loss = 0
  for (let line = 0; line < count; line += 1) {
    const start = line * stride
    let largest = Number.NEGATIVE_INFINITY
    for (let k = 0; k < count; k += 1) largest = Math.max(largest, logits[start + k * step]!)
    let sum = 0
    for (let k = 0; k < count; k += 1) sum += Math.exp(logits[start + k * step]! - largest)
    const logSum = largest + Math.log(sum)
    for (let k = 0; k < count; k += 1) {
      const at = start + k * step
      slopes[at] = (Math.exp(logits[at]! - logSum) - (k === line ? 1 : 0)) / count
    }
    loss += (logSum - logits[start + line * step]!) / count
  }
  return { loss, slopes }
}
