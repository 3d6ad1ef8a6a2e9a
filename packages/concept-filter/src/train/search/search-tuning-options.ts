import type { Progress } from '@assay/core'
import type { ConceptPair } from '../../pairs/concept-pair.js'
import type { DecisionErrors } from '../decision-errors.js'
import type { VectorQuality } from '../judge-vectors.js'
import type { TunedConceptPair } from '../tune-concept-pair-options.js'
import type { TuningPictures } from '../tuning-pictures.js'
import type { TuningSettings } from '../tuning-settings.js'

/** What {@link searchTuning} searches, and on what. */
export interface SearchTuningOptions extends TuningPictures {
  readonly pair: ConceptPair
  /** Settings to choose from; leaving the pair as it is, is always one more. Default: `tuningGrid()`. */
  readonly candidates?: readonly TuningSettings[]
  /** Parts of which each is once the test set that no choice has seen, at least 2. Default: 5. */
  readonly folds?: number
  /** Parts of the rest that settings are chosen on, at least 2. Default: 4. */
  readonly innerFolds?: number
  /** Shares pictures out, and draws batches. Default: 0. */
  readonly seed?: number | string
  /** Told of every training. */
  readonly onProgress?: Progress
}

/** How settings did in cross validation over all pictures: what the choice was made by, not how good it is. */
export interface TuningCandidate extends VectorQuality {
  /** Null for the pair as it is. */
  readonly settings: TuningSettings | null
}

/** What a search found. */
export interface TuningSearch {
  /** The pair, tuned on all pictures by the settings that were chosen on all of them; or as it was. */
  readonly pair: ConceptPair
  /** Null where leaving the pair as it is did best. */
  readonly chosen: TuningSettings | null
  /** How it was tuned; null where it is as it was. */
  readonly tuned: TunedConceptPair | null
  /**
   * Errors of choosing and tuning, on test folds that neither saw: what to expect of `pair` on pictures of
   * the same kind. It speaks of the procedure; `pair` itself saw a little more.
   */
  readonly estimate: DecisionErrors
  /** Errors of the pair as it was, on the same pictures. */
  readonly untuned: DecisionErrors
  /** In the order of the settings, after leaving the pair as it is. */
  readonly candidates: readonly TuningCandidate[]
  /** What each test fold's choice was; many different ones say that the choice hardly matters. */
  readonly foldChoices: readonly (TuningSettings | null)[]
}
