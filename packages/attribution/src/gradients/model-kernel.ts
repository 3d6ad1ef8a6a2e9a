import { AssayError } from '@assay/core'
import { allGradients } from './gradient-blocks.js'
import type { GradientModel, GradientWarning } from './gradient-set.js'
import {
  type GramKernel,
  gramKernel,
  type KernelForm,
  type KernelOptions,
  smallerForm,
} from './kernel/gram-kernel.js'
import { type KernelFactor, kernelFactor } from './kernel/kernel-factor.js'
import { kernelScores } from './kernel/kernel-scores.js'
import { unexplainedShares } from './kernel/leverages.js'
import type { WideRows } from './products/matrix-products.js'

/** One model with its Gram matrix, which serves every lambda. */
export interface ModelKernel {
  readonly model: GradientModel
  readonly kernel: GramKernel
}

/** The Gram matrix of a model's training gradients, in the smaller form unless one is asked for. */
export async function modelKernel(
  model: GradientModel,
  { form, ...options }: KernelOptions & { readonly form?: KernelForm | undefined },
): Promise<ModelKernel> {
  const rows = model.train.rows
  return { model, kernel: await gramKernel(rows, form ?? smallerForm(rows), options) }
}

/** A thousandth of the mean eigenvalue of the directions that the gradients can span. */
const defaultShare = 1e-3

/**
 * The lambda of a model: what is asked for, or a thousandth of the mean of the Gram matrix's eigenvalues,
 * as far as they can differ from 0.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function lambdaOf({ model, kernel }: ModelKernel, lambda: number | undefined): number {
  if (lambda !== undefined) {
    assertLambda(lambda)
    return lambda
  }
  const { data, size } = kernel.gram
  let trace = 0
  for (let at = 0; at < data.length; at += size + 1) trace += data[at]!
  return (defaultShare * trace) / Math.min(model.train.rows.rows, model.train.rows.columns)
}

function assertLambda(lambda: number): void {
  if (Number.isFinite(lambda) && lambda >= 0) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `lambda must be a finite number of at least 0, got ${lambda}.`,
    value: lambda,
    remedy: 'Give a number of the size of the Gram matrix’s eigenvalues or below, above 0.',
  })
}

/** Scores of one model with one lambda. */
export interface ModelScores {
  readonly lambda: number
  /** Kernel values, a row a query. */
  readonly kernel: WideRows
  /** 1 − leverage of each training picture, where it was asked for; else null. */
  readonly unexplained: Float64Array | null
  readonly warnings: readonly GradientWarning[]
}

/** Kernel values, and leverages where they are wanted, of one model with one lambda. */
export async function scoreModel(
  prepared: ModelKernel,
  options: KernelOptions & { readonly lambda?: number | undefined; readonly leverage?: boolean },
): Promise<ModelScores> {
  const { model, kernel } = prepared
  const { products, signal, leverage = false } = options
  const lambda = lambdaOf(prepared, options.lambda)
  const factor = await kernelFactor(kernel.gram, { lambda, products, signal })
  const query = await allGradients(model.query.rows, { signal })
  const shared = { train: model.train.rows, form: kernel.form, factor, products, signal }
  return {
    lambda,
    kernel: await kernelScores({ ...shared, query }),
    unexplained: leverage ? await unexplainedShares({ ...shared, lambda }) : null,
    warnings: warningsOf(prepared, factor),
  }
}

/** Below this share of the largest pivot, ten of sixteen digits are lost. */
const illConditioned = 1e-10

function warningsOf({ model, kernel }: ModelKernel, factor: KernelFactor): GradientWarning[] {
  const { train, query } = model
  const { rows, columns } = train.rows
  const warnings: GradientWarning[] = []
  const warn = (code: GradientWarning['code'], count: number, message: string) => {
    if (count > 0) warnings.push({ code, model: model.id, count, message })
  }
  const unknown = [train, query].filter(({ projection }) => projection === null).length
  const spare = Math.max(0, columns - rows)
  warn(
    'projection-unknown',
    unknown,
    'It is not known how gradients were projected, so it is not checked.',
  )
  warn(
    'rank-deficient',
    spare,
    `${rows} gradients of ${columns} columns leave ${spare} directions to lambda alone.`,
  )
  warn(
    'zero-gradients',
    kernel.zeroRows,
    'Training gradients that are all zeros have no influence.',
  )
  const digits = Math.round(-Math.log10(factor.smallestPivot))
  const isPoor = factor.smallestPivot < illConditioned
  warn('ill-conditioned', Number(isPoor), `Some ${digits} of 16 digits are lost: raise lambda.`)
  return warnings
}
