import type { WideRows } from '../products/matrix-products.js'
import type { KernelOptions } from './gram-kernel.js'
import type { KernelFactor } from './kernel-factor.js'
import { cutOut, paste, transposed } from './matrix-parts.js'

const rangeOf = ({ lower, blockRows }: KernelFactor, block: number) =>
  [block * blockRows, Math.min((block + 1) * blockRows, lower.size)] as const

const wide = ({ lower: { data, size } }: KernelFactor): WideRows => ({
  data,
  rows: size,
  columns: size,
})

/** Solves one block of columns: what the others take from it, then the inverse of its own block. */
async function solveBlock(
  rows: WideRows,
  step: {
    readonly range: readonly [number, number]
    readonly solved: readonly [number, number]
    readonly coupling: WideRows
    readonly inverse: WideRows
  },
  { products, signal }: KernelOptions,
): Promise<void> {
  const part = cutOut(rows, [0, rows.rows], step.range)
  if (step.solved[1] > step.solved[0]) {
    const known = cutOut(rows, [0, rows.rows], step.solved)
    const taken = await products.rowProducts(known, step.coupling, signal)
    for (let at = 0; at < taken.length; at++) part.data[at] = part.data[at]! - taken[at]!
  }
  const data = await products.rowProducts(part, step.inverse, signal)
  paste(rows, { ...part, data }, [0, step.range[0]])
}

/**
 * L⁻¹ b for each row b, by forward substitution.
 *
 * @returns in the shape of `rows`
 * @throws AssayError `ABORTED`
 */
export async function solveLower(
  factor: KernelFactor,
  rows: WideRows,
  options: KernelOptions,
): Promise<WideRows> {
  const solution = { ...rows, data: rows.data.slice() }
  for (const [block, inverse] of factor.inverses.entries()) {
    const range = rangeOf(factor, block)
    const solved = [0, range[0]] as const
    const coupling = cutOut(wide(factor), range, solved)
    await solveBlock(solution, { range, solved, coupling, inverse }, options)
  }
  return solution
}

/**
 * (L Lᵀ)⁻¹ b for each row b.
 *
 * @returns in the shape of `rows`
 * @throws AssayError `ABORTED`
 */
export async function solveRows(
  factor: KernelFactor,
  rows: WideRows,
  options: KernelOptions,
): Promise<WideRows> {
  const solution = await solveLower(factor, rows, options)
  for (const [block, inverse] of [...factor.inverses.entries()].reverse()) {
    const range = rangeOf(factor, block)
    const solved = [range[1], factor.lower.size] as const
    const coupling = transposed(cutOut(wide(factor), solved, range))
    await solveBlock(solution, { range, solved, coupling, inverse: transposed(inverse) }, options)
  }
  return solution
}
