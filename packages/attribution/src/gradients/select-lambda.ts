import { AssayError, type AssayErrorCode } from '@assay/core'
import { averageOverModels, type GradientMethod } from './average-over-models.js'
import { dTrak } from './d-trak-scores.js'
import { type DasForm, das } from './das-scores.js'
import type { GradientScoresOptions } from './gradient-scores.js'
import type { GradientModel } from './gradient-set.js'
import { type ModelKernel, modelKernel } from './model-kernel.js'
import { javascriptProducts } from './products/javascript-products.js'
import type { ScoreMatrix } from './score-matrix.js'
import { trak } from './trak-scores.js'

/** 1, 2 and 5 times each power of ten from 0.01 to 1,000,000: the 27 values that the authors of DAS try. */
export const lambdaGrid: readonly number[] = Array.from({ length: 27 }, (_, at) =>
  Number(`${[1, 2, 5][at % 3]}e${Math.floor(at / 3) - 2}`),
)

/** How a lambda is chosen. */
export interface SelectLambdaOptions extends Omit<GradientScoresOptions, 'lambda'> {
  /** The models, with the validation queries as their queries and no others. */
  readonly models: readonly GradientModel[]
  readonly method: 'trak' | 'd-trak' | 'das'
  /** Form of DAS. Default: the defaults of `dasScores`. */
  readonly das?: DasForm
  /** Values to try, at least one. Default: `lambdaGrid`. */
  readonly lambdas?: readonly number[]
  /**
   * How good the scores of one validation query are, for instance its linear datamodeling score; the more
   * the better. Null where it cannot be said.
   */
  readonly measure: (scores: ScoreMatrix, query: number) => number | null
  /** Ids of the queries that results will be reported on; none of them may be among the models' queries. */
  readonly reportedIds?: readonly string[]
}

/** One lambda, tried. */
export interface LambdaTrial {
  readonly lambda: number
  /** Mean of the measure over validation queries; null where there is none. */
  readonly mean: number | null
  /** Validation queries with and without a measure. */
  readonly n: number
  readonly missing: number
  /** Why there are no scores with this lambda; null where there are. */
  readonly failure: AssayErrorCode | null
}

/** The lambda that was chosen, and the others. */
export interface LambdaChoice {
  /** The largest lambda of the best mean. */
  readonly lambda: number
  /** Whether it is the smallest or largest that was tried, so that a better one may lie beyond. */
  readonly atEdge: boolean
  /** In increasing order of lambda. */
  readonly trials: readonly LambdaTrial[]
}

const methodOf = ({ method, das: form = {} }: SelectLambdaOptions): GradientMethod =>
  ({ trak, 'd-trak': dTrak, das: das(form) })[method]

/**
 * Chooses λ on validation queries. A λ chosen on the queries that results are then reported on flatters
 * the method; the queries to be reported on are therefore not taken at all, and refused where `reportedIds`
 * tells them. Each model's Gram matrix is computed once and kept.
 *
 * @throws AssayError `INVALID_ARGUMENT` (a reported query among the validation queries, or no lambda),
 *   `EMPTY_INPUT` where no lambda gave a measure, and as `trakScores` does
 */
export async function selectLambda(options: SelectLambdaOptions): Promise<LambdaChoice> {
  const { lambdas = lambdaGrid, form, products = javascriptProducts, signal } = options
  assertHeldOut(options)
  const kernels = new Map<GradientModel, Promise<ModelKernel>>()
  const prepare = (model: GradientModel): Promise<ModelKernel> => {
    const kernel = kernels.get(model) ?? modelKernel(model, { form, products, signal })
    kernels.set(model, kernel)
    return kernel
  }
  const trials: LambdaTrial[] = []
  for (const lambda of [...lambdas].sort((a, b) => a - b)) {
    trials.push(await tryLambda({ ...options, lambda }, prepare))
  }
  return choiceOf(trials)
}

async function tryLambda(
  options: SelectLambdaOptions & { readonly lambda: number },
  prepare: (model: GradientModel) => Promise<ModelKernel>,
): Promise<LambdaTrial> {
  const { lambda, measure } = options
  try {
    const { scores } = await averageOverModels(options, methodOf(options), prepare)
    const values = Array.from({ length: scores.rows }, (_, query) => measure(scores, query))
    const known = values.filter((value) => value !== null)
    const mean =
      known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null
    const missing = values.length - known.length
    return { lambda, mean, n: known.length, missing, failure: null }
  } catch (error) {
    if (!AssayError.isInstance(error) || error.code !== 'NOT_POSITIVE_DEFINITE') throw error
    const missing = options.models[0]?.query.rows.rows ?? 0
    return { lambda, mean: null, n: 0, missing, failure: error.code }
  }
}

function choiceOf(trials: readonly LambdaTrial[]): LambdaChoice {
  let best: LambdaTrial | null = null
  for (const trial of trials) {
    if (trial.mean !== null && trial.mean >= (best?.mean ?? Number.NEGATIVE_INFINITY)) best = trial
  }
  if (!best) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `None of ${trials.length} lambdas gave scores that could be measured.`,
      value: trials.map(({ lambda }) => lambda),
      remedy: 'Try larger values, and see that the measure is known for some query.',
    })
  }
  const atEdge = best === trials[0] || best === trials.at(-1)
  return { lambda: best.lambda, atEdge, trials }
}

function assertHeldOut({ models, reportedIds }: SelectLambdaOptions): void {
  const reported = new Set(reportedIds)
  const ids = models.map(({ query }) => query.rows.ids ?? null).find((known) => known !== null)
  if (reportedIds && !ids)
    throw refused('The validation queries have no ids to be told apart by.', null)
  const shared = ids?.find((id) => reported.has(id))
  if (shared === undefined) return
  throw refused(`The query ${JSON.stringify(shared)} is to be reported on.`, shared)
}

const refused = (message: string, value: unknown) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message,
    value,
    remedy: 'Choose lambda on queries with ids of their own that no result is reported on.',
  })
