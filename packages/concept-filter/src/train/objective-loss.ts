import { AssayError, createRandom } from '@assay/core'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { anchoredLoss } from './losses/anchored-loss.js'
import { contrastiveLoss } from './losses/contrastive-loss.js'
import { decisionLoss } from './losses/decision-loss.js'
import { releasedSeparationLoss } from './losses/released-separation-loss.js'
import { textSeparationLoss } from './losses/text-separation-loss.js'
import { pictureWeights } from './picture-weights.js'
import type { PreparedPictures } from './prepared-pictures.js'
import type { ConceptVectors, TuningLoss } from './tuning-loss.js'
import type {
  ContrastiveObjective,
  DecisionObjective,
  ResolvedSettings,
} from './tuning-settings.js'
import type { UnitRows } from './unit-rows.js'

interface ObjectiveLossOptions {
  readonly pair: ConceptPair
  readonly pictures: PreparedPictures
  readonly settings: ResolvedSettings
  /** Draws the batches of `paper-con`. */
  readonly seed: number | string
}

/** The loss that settings name, over pictures. @throws AssayError `MISSING_INPUT`, `SHAPE_MISMATCH` */
export function objectiveLoss(options: ObjectiveLossOptions): TuningLoss {
  const { pair, settings } = options
  return anchoredLoss(plainLoss(options), startOf(pair), settings.anchor)
}

/** The vectors that tuning starts from. */
export const startOf = ({ unacceptable, acceptable }: ConceptPair): ConceptVectors => ({
  unacceptable: unacceptable.vector,
  acceptable: acceptable.vector,
})

function plainLoss(options: ObjectiveLossOptions): TuningLoss {
  const { objective } = options.settings
  switch (objective.kind) {
    case 'decision':
      return decision(options, objective)
    case 'paper-con':
      return contrastive(options, objective)
    case 'paper-noncon':
      return textSeparationLoss
    case 'released-text-separation':
      return released(options)
  }
}

function decision(
  { pair, pictures, settings }: ObjectiveLossOptions,
  { separation = 0, sharpness = 0.1 }: DecisionObjective,
): TuningLoss {
  const side = (name: keyof PreparedPictures) => ({
    pictures: pictures[name].pictures,
    weights: pictureWeights(pictures[name], settings.groupWeights),
  })
  return decisionLoss({
    unacceptable: side('unacceptable'),
    acceptable: side('acceptable'),
    logitScale: sharpness * pair.logitScale,
    threshold: pair.threshold,
    separation,
  })
}

function contrastive(
  { pair, pictures, seed }: ObjectiveLossOptions,
  { weights = {}, batchSize = 10 }: ContrastiveObjective,
): TuningLoss {
  const { unacceptable, acceptable } = pictures
  const prompts = promptRows(pictures)
  if (prompts === null) throw promptsMissing()
  const rows = createRandom(seed)
    .fork('batches')
    .shuffle(Array.from({ length: prompts.unacceptable.rows }, (_, row) => row))
  return contrastiveLoss({
    pictures: { unacceptable: unacceptable.pictures, acceptable: acceptable.pictures },
    prompts,
    start: startOf(pair),
    logitScale: pair.logitScale,
    weights: {
      unacceptable: 1,
      unacceptableApart: 1,
      acceptable: 1,
      acceptableApart: 1,
      separation: 1,
      ...weights,
    },
    batches: Array.from({ length: Math.ceil(rows.length / batchSize) }, (_, batch) =>
      rows.slice(batch * batchSize, (batch + 1) * batchSize),
    ),
  })
}

function released({ pair, pictures }: ObjectiveLossOptions): TuningLoss {
  const start = startOf(pair)
  const row = (values: Float64Array): UnitRows => ({ values, rows: 1, columns: values.length })
  const concepts = { unacceptable: row(start.unacceptable), acceptable: row(start.acceptable) }
  const prompts = promptRows(pictures) ?? concepts
  return releasedSeparationLoss({ relation: pair.relation, start, prompts })
}

/** The prompts of both sides, row by row in pairs; null where they were not given. */
function promptRows({ unacceptable, acceptable }: PreparedPictures) {
  if (unacceptable.texts === undefined || acceptable.texts === undefined) return null
  if (unacceptable.texts.rows === acceptable.texts.rows) {
    return { unacceptable: unacceptable.texts, acceptable: acceptable.texts }
  }
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${unacceptable.texts.rows} unacceptable and ${acceptable.texts.rows} acceptable prompts cannot be taken in pairs.`,
    value: [unacceptable.texts.rows, acceptable.texts.rows],
    remedy: 'Give as many rows a side, row i of both being the same scene with either concept.',
  })
}

const promptsMissing = () =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: 'The objective "paper-con" needs the text embeddings of the prompts.',
    value: undefined,
    remedy: 'Give `promptEmbeddings` on both sides, or use the objective "decision".',
  })
