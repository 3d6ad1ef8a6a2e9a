/** Rows and the map to put them through. */
interface AffineRows {
  /** `[rows, columns]`. */
  readonly x: Float64Array
  /** A multiple of 4: `rowsAtOnce`. */
  readonly rows: number
  /** `[outputs, columns]`. */
  readonly weight: Float64Array
  /** `[outputs]`; zeros for none. */
  readonly bias: Float64Array
}

/** Rows that share a pass over the weights. */
export const rowsAtOnce = 4

/**
 * `W x + b` for each row, in float64. Four rows and two outputs at a time, so that each number that is
 * loaded is used more than once; the sums run over the columns in order whatever the tiling, so that a
 * row's result does not depend on the rows beside it.
 */
export function affineRows({ x, rows, weight, bias }: AffineRows): Float64Array {
  const outputs = bias.length
  const columns = weight.length / outputs
  const y = new Float64Array(rows * outputs)
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const a = row * columns
    const b = a + columns
    const c = b + columns
    const d = c + columns
    for (let output = 0; output < outputs; output += 2) {
      // The last output of an odd number is computed twice.
      const next = Math.min(output + 1, outputs - 1)
      const one = output * columns
      const two = next * columns
      let [a1, b1, c1, d1, a2, b2, c2, d2] = [0, 0, 0, 0, 0, 0, 0, 0]
      for (let k = 0; k < columns; k++) {
        const w1 = weight[one + k]!
        const w2 = weight[two + k]!
        const xa = x[a + k]!
        const xb = x[b + k]!
        const xc = x[c + k]!
        const xd = x[d + k]!
        a1 += w1 * xa
        b1 += w1 * xb
        c1 += w1 * xc
        d1 += w1 * xd
        a2 += w2 * xa
        b2 += w2 * xb
        c2 += w2 * xc
        d2 += w2 * xd
      }
      const at = row * outputs
      y[at + output] = a1 + bias[output]!
      y[at + outputs + output] = b1 + bias[output]!
      y[at + 2 * outputs + output] = c1 + bias[output]!
      y[at + 3 * outputs + output] = d1 + bias[output]!
      y[at + next] = a2 + bias[next]!
      y[at + outputs + next] = b2 + bias[next]!
      y[at + 2 * outputs + next] = c2 + bias[next]!
      y[at + 3 * outputs + next] = d2 + bias[next]!
    }
  }
  return y
}
