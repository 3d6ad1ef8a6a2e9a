import { AssayError } from '@assay/core'
import { adamW, fit, type StepReport } from '@assay/tensor/train'
import { assertEmbeddable } from '../../gradients/distillation/assert-embeddable.js'
import { distillationLoss } from '../../gradients/distillation/distillation-loss.js'
import type { DistilledRanker } from '../../gradients/distillation/distilled-ranker.js'
import { distilledScores } from '../../gradients/distillation/distilled-scores.js'
import { embedForRanking } from '../../gradients/distillation/embed-for-ranking.js'
import { teacherAgreement } from '../../gradients/distillation/teacher-agreement.js'
import { type EngineProducts, engineProducts } from '../engine-products.js'
import { assertOneKind } from '../training-models.js'
import { assertRankings } from './assert-rankings.js'
import type {
  DistillationEpoch,
  DistillationResult,
  DistillRankerOptions,
} from './distill-ranker-options.js'
import { rankerLoss } from './ranker-graph.js'
import {
  initialRanker,
  parametersOf,
  type RankerParameters,
  rankerOf,
} from './ranker-parameters.js'
import { type RankingBatchesOptions, rankingBatches, stepsPerEpoch } from './ranking-batches.js'

/**
 * Teaches a network a slow attribution method's rankings: one MLP for queries and training pictures, whose
 * a cos + c is the logit of a picture's place, 0 being the most influential (Wang et al. 2025, "Fast data
 * attribution for text-to-image models"). AdamW on binary cross-entropy; some pictures are replaced by
 * random ones taught to be the worst. It learns ranks only, and its teacher's faults with them.
 *
 * Equal data, options, engine and number of threads give equal rankers, bit for bit, on the same machine.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `EMPTY_INPUT`, `INVALID_ARGUMENT` (rankings and settings);
 *   `FINGERPRINT_MISMATCH`, `NORMALIZATION_MISMATCH` (features of two kinds); `ZERO_VECTOR`, `NOT_FINITE`
 *   with the row, or where training diverges; `ABORTED`, and what the engine throws
 */
export async function distillRanker(options: DistillRankerOptions): Promise<DistillationResult> {
  const { engine, train, validation, initial } = options
  for (const taught of validation ? [options, validation] : [options]) {
    assertOneKind(taught.queries, train)
    assertRankings(taught, train.rows)
  }
  if (initial) assertEmbeddable(initial, train)
  const products = await engineProducts(engine)
  try {
    return await new Distillation(options, settingsOf(options), products).run()
  } finally {
    await products.close()
  }
}

type Settings = RankingBatchesOptions & { readonly initial: RankerParameters }

function settingsOf(options: DistillRankerOptions): Settings {
  const { queries, rankings, train, initial, seed = 0 } = options
  const { hidden = [768, 768, 768], outputs = 768 } = options
  const { normalizeInputs = false, initialScale = -1 } = options
  const { dropout = 0.1, randomWorst = 0.1, batchSize = 4096, epochs = 10 } = options
  const sizes = hidden.map((size, layer) => [`hidden[${layer}]`, size] as const)
  for (const [name, value] of [...Object.entries({ batchSize, epochs, outputs }), ...sizes]) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw invalid(name, value, 'a whole number from 1')
  }
  for (const [name, value] of Object.entries({ dropout, randomWorst })) {
    if (!(value >= 0 && value < 1)) throw invalid(name, value, 'a number from 0, below 1')
  }
  const shape = { sizes: [train.columns, ...hidden, outputs], normalizeInputs, initialScale }
  return {
    ...{ queries, rankings, train, batchSize, epochs, dropout, randomWorst, seed },
    hidden: initial ? initial.layers.slice(0, -1).map((layer) => layer.outputs) : hidden,
    initial: initial ? parametersOf(initial) : initialRanker(shape, seed),
  }
}

const invalid = (name: string, value: unknown, wanted: string) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} cannot be ${value}.`,
    value,
    remedy: `Give ${wanted}.`,
  })

/** One distillation under way. */
class Distillation {
  readonly #options: DistillRankerOptions
  readonly #settings: Settings
  readonly #products: EngineProducts
  readonly #epochs: DistillationEpoch[] = []
  #best: {
    readonly ranker: DistilledRanker
    readonly epoch: number
    readonly loss: number
  } | null = null
  #sum = 0

  constructor(options: DistillRankerOptions, settings: Settings, products: EngineProducts) {
    this.#options = options
    this.#settings = settings
    this.#products = products
  }

  async run(): Promise<DistillationResult> {
    const { engine, learningRate = 1e-3, weightDecay = 0.01, signal } = this.#options
    const { dropout, initial, epochs } = this.#settings
    const { parameters } = await fit<string, string>({
      engine,
      parameters: initial,
      batches: rankingBatches(this.#settings),
      transferBatches: true,
      loss: rankerLoss(dropout),
      optimizer: adamW({ learningRate, weightDecay }),
      onStep: (report) => this.#afterStep(report),
      ...(signal && { signal }),
    })
    const last = async () => ({ ranker: await this.#rankerOf(parameters), epoch: epochs })
    const { ranker, epoch } = this.#best ?? (await last())
    return { ranker, epoch, epochs: this.#epochs }
  }

  async #afterStep({ step, loss, copyParameters }: StepReport): Promise<void> {
    this.#sum += loss
    const steps = stepsPerEpoch(this.#settings)
    if (step % steps !== 0) return
    const epoch = step / steps
    const validation = this.#options.validation
      ? await this.#validate(await this.#rankerOf(copyParameters()), epoch)
      : null
    const report = { epoch, loss: this.#sum / steps, validation }
    this.#sum = 0
    this.#epochs.push(report)
    this.#options.onEpoch?.(report)
  }

  #rankerOf(parameters: RankerParameters): Promise<DistilledRanker> {
    const { normalized, fingerprint } = this.#options.train
    return rankerOf(parameters, { normalized, fingerprint })
  }

  /** Loss and agreement on held-out queries; the ranker of the least loss is remembered. */
  async #validate(ranker: DistilledRanker, epoch: number) {
    const { validation, train, signal } = this.#options
    const { rankings, queries } = validation as NonNullable<DistillRankerOptions['validation']>
    const run = { ranker, products: this.#products, ...(signal && { signal }) }
    const scores = await distilledScores({
      ...run,
      queries: await embedForRanking({ ...run, features: queries }),
      train: await embedForRanking({ ...run, features: train }),
    })
    const places = rankings[0]?.length ?? 1
    const logits = rankings.flatMap((ranking, query) =>
      Array.from(ranking, (item) => -scores.data[query * scores.columns + item]!),
    )
    const targets = logits.map((_, pair) => (pair % places) / places)
    const loss = distillationLoss({ cosines: logits, targets, scale: 1, offset: 0 })
    const k = validation?.k ?? Math.max(1, Math.round(places / 10))
    if (!this.#best || loss < this.#best.loss) this.#best = { ranker, epoch, loss }
    return { loss, agreement: teacherAgreement({ scores, rankings, k }) }
  }
}
