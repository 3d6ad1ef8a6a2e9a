import type { ConceptPair } from '../pairs/concept-pair.js'
import { descend } from './descend.js'
import { isBetter, judgeVectors, type VectorQuality } from './judge-vectors.js'
import { objectiveLoss, startOf } from './objective-loss.js'
import type { PreparedPictures } from './prepared-pictures.js'
import type { ConceptVectors } from './tuning-loss.js'
import type { ResolvedSettings } from './tuning-settings.js'

/** One step of tuning. */
export interface TuningStep {
  /** 0 for the vectors as they were. */
  readonly step: number
  /** Of the objective, anchors included. */
  readonly loss: number
  /** On validation pictures; null without them. */
  readonly validation: VectorQuality | null
}

interface TrainVectorsOptions {
  readonly pair: ConceptPair
  readonly pictures: PreparedPictures
  readonly settings: ResolvedSettings
  readonly seed: number | string
  readonly validation: PreparedPictures | null
  /** Steps without a better validation figure before tuning stops. */
  readonly patience: number
}

/** Vectors, and the way to them. */
export interface TrainedVectors {
  readonly vectors: ConceptVectors
  /** The step that the vectors are of. */
  readonly step: number
  readonly history: readonly TuningStep[]
  /** Why it ended: no lower loss to be found, no better validation figure, or no steps left. */
  readonly stopped: 'converged' | 'patience' | 'steps'
}

/** Tunes vectors: those of the last step, or of the best one on validation pictures. */
export function trainVectors(options: TrainVectorsOptions): TrainedVectors {
  const { pair, settings, validation, patience } = options
  const radians = (settings.angleCap * Math.PI) / 180
  const start = startOf(pair)
  const points = descend({
    loss: objectiveLoss(options),
    caps: {
      unacceptable: { centre: start.unacceptable, angle: radians },
      acceptable: { centre: start.acceptable, angle: radians },
    },
    steps: settings.steps,
  })
  const history: TuningStep[] = []
  let best: { readonly vectors: ConceptVectors; readonly at: TuningStep } | null = null
  let stopped: TrainedVectors['stopped'] = 'converged'
  for (const { step, vectors, loss } of points) {
    const quality = validation && judgeVectors(vectors, pair, validation)
    const at = { step, loss, validation: quality }
    history.push(at)
    const before = best?.at.validation
    if (!quality || !before || isBetter(quality, before)) best = { vectors, at }
    else if (step - (best?.at.step ?? 0) >= patience) {
      stopped = 'patience'
      break
    }
    if (step === settings.steps) stopped = 'steps'
  }
  return { vectors: best?.vectors ?? start, step: best?.at.step ?? 0, history, stopped }
}
