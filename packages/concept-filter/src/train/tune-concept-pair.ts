import { AssayError } from '@assay/core'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { assertDistinct } from '../pairs/create-concept-pair.js'
import { decisionErrors } from './decision-errors.js'
import { decideWith } from './judge-vectors.js'
import { startOf } from './objective-loss.js'
import { type PreparedPictures, preparePictures } from './prepared-pictures.js'
import { resolveSettings } from './resolve-settings.js'
import { angleBetween } from './spherical-cap.js'
import { trainVectors } from './train-vectors.js'
import type { TuneConceptPairOptions, TunedConceptPair } from './tune-concept-pair-options.js'
import type { ResolvedSettings } from './tuning-settings.js'

/**
 * Tunes the two vectors of a pair on pictures of both concepts. The paper tunes the text tower instead, of
 * which two vectors are all that is left when it filters: any two unit vectors can be reached either way,
 * but not on the same path, so figures will differ from the paper's.
 *
 * With 10 pictures a side a direction is mostly noise, with 200 it is nearly right (see
 * {@link directionRecovery}); anchors and the angle cap hold vectors near what the words mean.
 *
 * @throws AssayError `INVALID_ARGUMENT` (a setting, or a threshold that is infinite), `EMPTY_INPUT`,
 *   `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`, `ZERO_VECTOR`, `NOT_FINITE`, `MISSING_INPUT` (`paper-con`
 *   without prompts)
 *
 * Source: Espresso (2024), fine-tuning; the decision loss with anchors is ours.
 */
export function tuneConceptPair(options: TuneConceptPairOptions): TunedConceptPair {
  const { pair, validation: given, seed = 0, patience = 10 } = options
  const validation = given ? preparePictures(pair, given) : null
  return tunePrepared({
    pair,
    pictures: preparePictures(pair, options),
    validation,
    settings: resolveSettings(options),
    seed,
    patience: checkedPatience(patience),
  })
}

interface TunePreparedOptions {
  readonly pair: ConceptPair
  readonly pictures: PreparedPictures
  readonly validation: PreparedPictures | null
  readonly settings: ResolvedSettings
  readonly seed: number | string
  readonly patience: number
}

/** The same on pictures that were checked before. */
export function tunePrepared(options: TunePreparedOptions): TunedConceptPair {
  const { pair, pictures, validation } = options
  assertFiniteThreshold(pair)
  const { vectors, step, history, stopped } = trainVectors(options)
  const start = startOf(pair)
  const turned = {
    unacceptable: degrees(angleBetween(start.unacceptable, vectors.unacceptable)),
    acceptable: degrees(angleBetween(start.acceptable, vectors.acceptable)),
  }
  const errorsOn = (on: PreparedPictures) => decisionErrors(decideWith(vectors, pair, on))
  const figures = {
    turned,
    step,
    stopped,
    training: errorsOn(pictures),
    validation: validation && errorsOn(validation),
  }
  const sides = {
    unacceptable: { ...pair.unacceptable, vector: vectors.unacceptable },
    acceptable: { ...pair.acceptable, vector: vectors.acceptable },
  }
  assertDistinct(pair.id, sides)
  return {
    pair: { ...pair, ...sides, provenance: provenanceOf(options, figures) },
    ...figures,
    history,
  }
}

const degrees = (radians: number) => (radians * 180) / Math.PI

function provenanceOf(
  { pair, pictures, validation, settings, seed, patience }: TunePreparedOptions,
  figures: Omit<TunedConceptPair, 'pair' | 'history'>,
): ConceptPair['provenance'] {
  const { threshold } = pair.provenance
  const count = (each: PreparedPictures | null) =>
    each && {
      unacceptable: each.unacceptable.pictures.rows,
      acceptable: each.acceptable.pictures.rows,
    }
  return {
    vectors: settings.objective.kind,
    threshold: threshold === 'given' ? threshold : `${threshold}, before tuning`,
    details: {
      settings,
      seed,
      patience: validation && patience,
      pictures: { training: count(pictures), validation: count(validation) },
      ...figures,
      from: pair.provenance,
    },
  }
}

function checkedPatience(patience: number): number {
  if (Number.isInteger(patience) && patience >= 1) return patience
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'The patience must be a whole number of steps.',
    value: patience,
    remedy: 'Give 1 or more.',
  })
}

function assertFiniteThreshold({ id, threshold }: ConceptPair): void {
  if (Number.isFinite(threshold)) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The pair "${id}" decides the same on every picture, so it cannot be tuned.`,
    value: threshold,
    remedy: 'Tune first, at a confidence of .5, and calibrate the threshold afterwards.',
  })
}
