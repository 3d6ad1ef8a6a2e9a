/** What {@link symmetricInfoNce} says. */
export interface InfoNceLoss {
  readonly loss: number
  /** Derivatives by the logits, row-major as they are. */
  readonly slopes: Float64Array
}

/**
 * The symmetric InfoNCE loss of CLIP over the scaled cosines of pictures (rows) with texts (columns), of
 * which those on the diagonal belong together: half the mean over rows, and half the mean over columns, of
 * -ln softmax on the diagonal.
 *
 * @param logits row-major, `count * count`
 *
 * Source: van den Oord et al. (2018), equation 4; Radford et al. (2021), figure 3.
 */
export function symmetricInfoNce(logits: Float64Array, count: number): InfoNceLoss {
  const byRows = crossEntropy(logits, count, { step: 1, stride: count })
  const byColumns = crossEntropy(logits, count, { step: count, stride: 1 })
  return {
    loss: (byRows.loss + byColumns.loss) / 2,
    slopes: byRows.slopes.map((slope, at) => (slope + byColumns.slopes[at]!) / 2),
  }
}

/** Mean of -ln softmax on the diagonal, over lines of a square, with its derivatives by every logit. */
function crossEntropy(
  logits: Float64Array,
  count: number,
  { step, stride }: { readonly step: number; readonly stride: number },
): InfoNceLoss {
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
