import { AssayError } from '@assay/core'
import type { LearningRate } from '@assay/tensor/train'
import type { FeatureMap } from '../head/feature-map.js'
import type { AttributionLossSettings } from './attribution-loss.js'
import type { FitAttributionHeadOptions } from './fit-attribution-head-options.js'
import type { MlpSizes } from './initial-weights.js'
import { batchesPerPass, type PairOrder } from './pair-batches.js'
import type { TrainingModel } from './training-models.js'

/** All settings of a training, with their defaults filled in. */
export interface HeadSettings extends AttributionLossSettings {
  readonly shared: boolean
  readonly mlp: MlpSizes
  readonly negatives: 'in-batch' | 'in-batch+pool'
  readonly poolRows: number
  readonly batchSize: number
  readonly steps: number
  /** Steps until as many pairs were seen as there are queries. */
  readonly epochSteps: number
  readonly learningRate: LearningRate
  readonly order: PairOrder
  readonly precision: 'float32' | 'float64'
  readonly seed: number | string
}

/**
 * Settings from options.
 *
 * @throws AssayError `INVALID_ARGUMENT` where a setting is out of range, `MISSING_INPUT` where negatives
 *   shall come from a pool and there is none
 */
export function headSettings(
  options: FitAttributionHeadOptions,
  models: readonly TrainingModel[],
): HeadSettings {
  const { form = 'linear', batchSize = 512, epochs = 10, pool } = options
  const queries = models.reduce((count, model) => count + model.queries.length, 0)
  const passes = queries / models.length
  const epochSteps = Math.max(1, Math.round(passes * batchesPerPass(models.length, batchSize)))
  const settings: HeadSettings = {
    form,
    shared: options.shared ?? false,
    mlp: { hidden: 512, output: 256, layers: 2, ...options.mlp },
    temperature: options.temperature ?? 0.07,
    regulariser: options.regulariser ?? (form === 'mlp' ? 'none' : 'orthogonal'),
    regulariserWeight: options.regulariserWeight ?? 0.05,
    direction: options.direction ?? 'both',
    negatives: options.negatives ?? (pool ? 'in-batch+pool' : 'in-batch'),
    poolRows: options.poolRows ?? Math.min(1024, pool?.rows ?? 1),
    batchSize,
    steps: options.steps ?? Math.max(1, Math.round(epochs * epochSteps)),
    epochSteps,
    learningRate: options.learningRate ?? 1e-3,
    order: options.order ?? 'shuffled',
    precision: options.precision ?? 'float32',
    seed: options.seed ?? 0,
  }
  assertSettings(settings, options)
  return settings
}

function assertSettings(settings: HeadSettings, options: FitAttributionHeadOptions): void {
  const { temperature, regulariserWeight, steps, poolRows, mlp, regulariser, form } = settings
  const { validation } = options
  assertRange('temperature', temperature, temperature > 0)
  assertRange('regulariserWeight', regulariserWeight, regulariserWeight >= 0)
  const counts = {
    ...{ steps, poolRows, ...mlp },
    'validation.every': validation?.every ?? 1,
    'validation.patience': validation?.patience ?? 1,
  }
  for (const [name, count] of Object.entries(counts)) {
    assertRange(name, count, Number.isSafeInteger(count) && count >= 1)
  }
  if (options.steps !== undefined && options.epochs !== undefined) {
    throw invalid('Both steps and epochs are given.', options.steps, 'Give one of them.')
  }
  if (form === 'mlp' && regulariser !== 'none') throw noRegulariser(regulariser, form)
  if (settings.negatives === 'in-batch+pool' && !options.pool) throw noPool()
}

function assertRange(name: string, value: number, fits: boolean): void {
  if (fits && Number.isFinite(value)) return
  throw invalid(`${name} cannot be ${value}.`, value, 'Look up its range at the option.')
}

const noRegulariser = (regulariser: string, form: FeatureMap['form']) =>
  invalid(
    `A head of form ${form} has no matrix that could be held near a rotation.`,
    regulariser,
    "Leave regulariser out, or give 'none'.",
  )

const noPool = () =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: "The negatives 'in-batch+pool' need a pool, and there is none.",
    value: null,
    remedy: 'Pass pool, features of real pictures that belong to no model.',
  })

const invalid = (message: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })
