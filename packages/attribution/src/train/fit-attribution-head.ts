import { createRandom } from '@assay/core'
import type { GraphValue } from '@assay/tensor/graph'
import { adam, fit, type LossContext, type StepReport } from '@assay/tensor/train'
import type { AttributionHead, HeadProvenance, HeadSide } from '../head/attribution-head.js'
import { createAttributionHead } from '../head/create-attribution-head.js'
import { attributionLoss } from './attribution-loss.js'
import type {
  FitAttributionHeadOptions,
  FittedAttributionHead,
  HeadTrainingStep,
} from './fit-attribution-head-options.js'
import { dataHashes, provenanceOptions, provenanceValidation } from './head-provenance.js'
import { type HeadParameters, HeadSelection } from './head-selection.js'
import { type HeadSettings, headSettings } from './head-settings.js'
import { type HeldOut, openHeldOut } from './held-out.js'
import { initialWeights } from './initial-weights.js'
import { type PairBatchesOptions, type PairInput, pairBatches, pairShapes } from './pair-batches.js'
import { trainedMap } from './trained-map.js'
import { assertPool, type TrainingModel, trainingModels } from './training-models.js'

/**
 * Trains an attribution head: two maps, from the identity, under which a picture that a customised model
 * drew lies nearer to that model's exemplars than to other real pictures (Wang et al. 2023, section 4).
 * A batch is of pairs of different models, one exemplar and one drawn picture each; the loss is symmetric
 * InfoNCE with a regulariser that holds the maps near a rotation; the optimizer is Adam. With
 * `validation` the head that does best on held-out pictures is kept, which may be the untrained one.
 *
 * Equal data, options, engine and number of threads give equal heads, bit for bit, on the same machine.
 *
 * @throws AssayError `EMPTY_INPUT`, `DUPLICATE_ID`, `INVALID_ARGUMENT`, `MISSING_INPUT` for models and
 *   settings that cannot be meant; `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` for
 *   features of two kinds; `ZERO_VECTOR`, `NOT_FINITE` with the row, or where training diverges;
 *   `ABORTED`, and what the engine throws
 */
export async function fitAttributionHead(
  options: FitAttributionHeadOptions,
): Promise<FittedAttributionHead> {
  const models = trainingModels(options.models, options)
  if (options.pool) assertPool(options.pool, options.exemplars, models)
  const settings = headSettings(options, models)
  const heldOut = await heldOutOf(options, models)
  try {
    return await new HeadTraining({ options, models, settings, heldOut }).run()
  } finally {
    await heldOut?.close()
  }
}

async function heldOutOf(
  { engine, validation, exemplars, queries, signal }: FitAttributionHeadOptions,
  training: readonly TrainingModel[],
): Promise<HeldOut | null> {
  if (!validation) return null
  const features = { exemplars, queries }
  const sets = Object.entries(validation.sets).map(
    ([name, models]) => [name, trainingModels(models, features)] as const,
  )
  const pool = validation.pool ?? null
  return openHeldOut({ engine, training, sets: new Map(sets), pool, signal, ...features })
}

interface HeadTrainingParts {
  readonly options: FitAttributionHeadOptions
  readonly models: readonly TrainingModel[]
  readonly settings: HeadSettings
  readonly heldOut: HeldOut | null
}

/** One training under way. */
class HeadTraining {
  readonly #options: FitAttributionHeadOptions
  readonly #models: readonly TrainingModel[]
  readonly #settings: HeadSettings
  readonly #heldOut: HeldOut | null
  readonly #selection: HeadSelection
  readonly #steps: HeadTrainingStep[] = []

  constructor({ options, models, settings, heldOut }: HeadTrainingParts) {
    this.#options = options
    this.#models = models
    this.#settings = settings
    this.#heldOut = heldOut
    this.#selection = new HeadSelection(options.validation?.patience ?? 5)
  }

  async run(): Promise<FittedAttributionHead> {
    const { engine, signal } = this.#options
    const { learningRate } = this.#settings
    const pairs = this.#pairs()
    const initial = this.#initialParameters()
    await this.#evaluate(initial, 0)
    const { parameters, stopped } = await fit<string, PairInput>({
      engine,
      parameters: initial,
      batches: pairBatches(pairs),
      batchShapes: pairShapes(pairs),
      transferBatches: true,
      loss: (context) => this.#loss(context),
      optimizer: adam({ learningRate }),
      onStep: (report) => this.#afterStep(report),
      ...(signal && { signal }),
    })
    const last = { step: this.#steps.length, parameters }
    const { step, parameters: kept } = this.#selection.best ?? last
    const provenance = await this.#provenance(step)
    const head = { ...(await this.#head(kept, provenance)), provenance }
    const { evaluations } = this.#selection
    return { head, step, steps: this.#steps, evaluations, stopped }
  }

  #pairs(): PairBatchesOptions {
    const { exemplars, queries, pool } = this.#options
    const { precision, negatives } = this.#settings
    const ofPool = negatives === 'in-batch+pool' && pool ? pool : null
    const rows = { models: this.#models, exemplars, queries, pool: ofPool }
    return { ...this.#settings, ...rows, type: precision }
  }

  get #sides(): readonly HeadSide[] {
    return this.#settings.shared ? ['real'] : ['real', 'synthetic']
  }

  #initialParameters(): HeadParameters {
    const { form, mlp, precision: type, seed } = this.#settings
    const { columns } = this.#options.exemplars
    const random = createRandom(seed).fork('initial weights')
    const sides = this.#sides.map((side) => {
      const weights = initialWeights({ form, columns, mlp, type, random: random.fork(side) })
      return prefixed(side, weights)
    })
    return Object.fromEntries(sides.flat())
  }

  #loss({ parameters, batch, report }: LossContext<string, PairInput>): GraphValue {
    const realWeights = ofSide(parameters, 'real')
    const { loss, contrastive, regularisation } = attributionLoss(
      {
        real: realWeights,
        synthetic: this.#settings.shared ? realWeights : ofSide(parameters, 'synthetic'),
        batch,
      },
      this.#settings,
    )
    report('contrastive', contrastive)
    if (regularisation) report('regularisation', regularisation)
    return loss
  }

  async #afterStep(report: StepReport): Promise<void> {
    const { progress, validation } = this.#options
    const { steps, epochSteps } = this.#settings
    const { step, loss, reported } = report
    const { contrastive = loss, regularisation = null } = reported
    this.#steps.push({ loss, contrastive, regularisation })
    progress?.({ task: 'train the attribution head', done: step, total: steps })
    const every = validation?.every ?? Math.min(100, epochSteps)
    if (!this.#heldOut || (step % every > 0 && step < steps)) return
    const enough = await this.#evaluate(report.copyParameters(), step)
    if (enough && step < steps) report.stop()
  }

  /** Measures parameters on what is held out, and tells whether to stop. */
  async #evaluate(parameters: HeadParameters, step: number): Promise<boolean> {
    if (!this.#heldOut) return false
    const evaluation = await this.#heldOut.evaluate(await this.#head(parameters, null), step)
    return this.#selection.add(evaluation, parameters)
  }

  async #head(
    parameters: HeadParameters,
    provenance: HeadProvenance | null,
  ): Promise<AttributionHead> {
    const { engine, exemplars, queries, signal } = this.#options
    const { form, shared } = this.#settings
    const rows = {
      real: { matrix: exemplars, rows: this.#models.flatMap((model) => model.exemplars) },
      synthetic: { matrix: queries, rows: this.#models.flatMap((model) => model.queries) },
    }
    const mapOf = (side: HeadSide) => {
      const features = shared ? [rows.real, rows.synthetic] : [rows[side]]
      return trainedMap({ engine, form, weights: ofSide(parameters, side), features, signal })
    }
    const { normalized, fingerprint } = exemplars
    return createAttributionHead({
      real: await mapOf('real'),
      ...(!shared && { synthetic: await mapOf('synthetic') }),
      expects: { normalized, fingerprint: fingerprint ?? queries.fingerprint },
      provenance,
    })
  }

  async #provenance(steps: number): Promise<HeadProvenance> {
    const { engine } = this.#options
    return {
      options: provenanceOptions(this.#settings),
      seed: this.#settings.seed,
      steps,
      models: this.#models.length,
      data: await dataHashes(this.#options, this.#settings),
      engine: engine.id,
      validation: provenanceValidation(this.#selection.evaluations, steps),
    }
  }
}

const prefixed = <Value>(side: HeadSide, values: Readonly<Record<string, Value>>) =>
  Object.entries(values).map(([name, value]) => [`${side}.${name}`, value] as const)

/** What belongs to a side, by names without the side. */
function ofSide<Value>(
  values: Readonly<Record<string, Value>>,
  side: HeadSide,
): Record<string, Value> {
  const own = Object.entries(values).filter(([name]) => name.startsWith(`${side}.`))
  return Object.fromEntries(own.map(([name, value]) => [name.slice(side.length + 1), value]))
}
