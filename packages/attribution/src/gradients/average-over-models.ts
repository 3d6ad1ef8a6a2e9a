import { assertModels } from './assert-models.js'
import type { GradientScores, GradientScoresOptions } from './gradient-scores.js'
import type { GradientModel, GradientWarning } from './gradient-set.js'
import { type ModelKernel, type ModelScores, modelKernel, scoreModel } from './model-kernel.js'
import { javascriptProducts } from './products/javascript-products.js'

/** How one method differs from the others. */
export interface GradientMethod {
  /** What one model gives to the mean over models: a row a query, a column a training picture. */
  readonly term: (model: GradientModel, scores: ModelScores) => Float64Array
  /** What the mean is multiplied by, one a training picture. Default: 1. */
  readonly weights?: (models: readonly GradientModel[]) => Float64Array
  /** Whether the term needs leverages. Default: false. */
  readonly leverage?: boolean
}

/** Where the kernel of a model comes from. Default: it is computed. */
type PrepareModel = (model: GradientModel) => Promise<ModelKernel>

const idsOf = (models: readonly GradientModel[], side: 'train' | 'query') =>
  models.map((model) => model[side].rows.ids ?? null).find((ids) => ids !== null) ?? null

/** Scores model by model, and the mean of what they give. Throws as `trakScores` does. */
export async function averageOverModels(
  options: GradientScoresOptions,
  { term, weights, leverage = false }: GradientMethod,
  prepare?: PrepareModel,
): Promise<GradientScores> {
  const { form, lambda, products = javascriptProducts, signal } = options
  const models = assertModels(options.models)
  const [{ train, query }] = models
  const data = new Float64Array(query.rows.rows * train.rows.rows)
  const used: GradientScores['models'][number][] = []
  const warnings: GradientWarning[] = []
  for (const model of models) {
    const prepared = await (prepare?.(model) ?? modelKernel(model, { form, products, signal }))
    const scores = await scoreModel(prepared, { lambda, leverage, products, signal })
    const values = term(model, scores)
    for (let at = 0; at < data.length; at++) data[at] = data[at]! + values[at]! / models.length
    used.push({ id: model.id, form: prepared.kernel.form, lambda: scores.lambda })
    warnings.push(...scores.warnings)
  }
  if (weights) scaleColumns(data, weights(models))
  const shape = { rows: query.rows.rows, columns: train.rows.rows }
  const ids = { queryIds: idsOf(models, 'query'), trainIds: idsOf(models, 'train') }
  return { scores: { data, ...shape, ...ids }, models: used, warnings }
}

/** Multiplies each column by its factor, in place. */
export function scaleColumns(data: Float64Array, factors: ArrayLike<number>): Float64Array {
  for (let start = 0; start < data.length; start += factors.length) {
    for (let column = 0; column < factors.length; column++) {
      data[start + column] = data[start + column]! * factors[column]!
    }
  }
  return data
}
