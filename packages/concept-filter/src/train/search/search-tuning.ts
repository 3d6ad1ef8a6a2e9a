import type { ConceptPair } from '../../pairs/concept-pair.js'
import { type DecidedPictures, decisionErrors } from '../decision-errors.js'
import { decideWith, isBetter, judgeVectors, type VectorQuality } from '../judge-vectors.js'
import { startOf } from '../objective-loss.js'
import { type PreparedPictures, preparePictures, selectPictures } from '../prepared-pictures.js'
import { resolveSettings } from '../resolve-settings.js'
import { tunePrepared } from '../tune-concept-pair.js'
import type { TuningSettings } from '../tuning-settings.js'
import { groupedFolds, otherRows } from './grouped-folds.js'
import type { SearchTuningOptions, TuningCandidate, TuningSearch } from './search-tuning-options.js'
import { tuningGrid } from './tuning-grid.js'

/**
 * Chooses how to tune a pair, and says how well that goes on pictures that had no part in it: nested cross
 * validation. Settings are chosen by the least (FNR + FPR) / 2 over inner folds, of equal ones by the lower
 * cross entropy, then the one named first. The paper leaves its settings without a search.
 *
 * It takes folds x (inner folds x candidates + 1) trainings and some more, each of milliseconds to a second,
 * without giving way to other work.
 *
 * @throws AssayError as {@link tuneConceptPair}, and `INVALID_ARGUMENT` for folds that pictures cannot fill
 *
 * Source: Varma, Simon (2006), Bias in error estimation when using cross-validation for model selection.
 */
export function searchTuning(options: SearchTuningOptions): TuningSearch {
  const { pair, candidates = tuningGrid(), folds = 5, innerFolds = 4, seed = 0 } = options
  const pictures = preparePictures(pair, options)
  const settings = [null, ...candidates]
  const parts = groupedFolds(pictures, { folds, seed: `${seed}, test` })
  const total = settings.length * innerFolds * (folds + 1) + folds + 1
  const search: Search = {
    pair,
    settings,
    innerFolds,
    seed,
    advance: counter((done) => options.onProgress?.({ task: 'search tuning', done, total })),
  }
  const tests = parts.map((part) => {
    const rest = selectPictures(pictures, otherRows(parts, part))
    const chosen = bestOf(compare(search, rest))
    const test = selectPictures(pictures, part)
    const tuned = tuneOn(search, rest, chosen)
    return {
      chosen,
      tuned: decideWith(startOf(tuned?.pair ?? pair), pair, test),
      untuned: decideWith(startOf(pair), pair, test),
    }
  })
  const compared = compare(search, pictures)
  const chosen = bestOf(compared)
  const tuned = tuneOn(search, pictures, chosen)
  return {
    pair: tuned?.pair ?? pair,
    chosen,
    tuned,
    estimate: decisionErrors(pool(tests.map((test) => test.tuned))),
    untuned: decisionErrors(pool(tests.map((test) => test.untuned))),
    candidates: compared,
    foldChoices: tests.map((test) => test.chosen),
  }
}

interface Search {
  readonly pair: ConceptPair
  readonly settings: readonly (TuningSettings | null)[]
  readonly innerFolds: number
  readonly seed: number | string
  advance(): void
}

/** Cross validation of every candidate. */
function compare(search: Search, pictures: PreparedPictures): readonly TuningCandidate[] {
  const { pair, settings, innerFolds, seed } = search
  const folds = groupedFolds(pictures, { folds: innerFolds, seed: `${seed}, choice` })
  const parts = folds.map((fold) => ({
    held: selectPictures(pictures, fold),
    rest: selectPictures(pictures, otherRows(folds, fold)),
  }))
  return settings.map((each) => {
    const qualities = parts.map(({ held, rest }) =>
      judgeVectors(startOf(tuneOn(search, rest, each)?.pair ?? pair), pair, held),
    )
    return { settings: each, ...meanQuality(qualities) }
  })
}

function tuneOn(search: Search, pictures: PreparedPictures, settings: TuningSettings | null) {
  search.advance()
  if (settings === null) return null
  return tunePrepared({
    pair: search.pair,
    pictures,
    validation: null,
    settings: resolveSettings(settings),
    seed: search.seed,
    patience: 1,
  })
}

const meanQuality = (qualities: readonly VectorQuality[]): VectorQuality => {
  const mean = (read: (quality: VectorQuality) => number) =>
    qualities.reduce((sum, quality) => sum + read(quality), 0) / qualities.length
  return { balancedError: mean((each) => each.balancedError), loss: mean((each) => each.loss) }
}

const bestOf = (candidates: readonly TuningCandidate[]): TuningSettings | null =>
  candidates.reduce((best, each) => (isBetter(each, best) ? each : best)).settings

function pool(parts: readonly DecidedPictures[]): DecidedPictures {
  const join = (side: keyof DecidedPictures) => {
    const sides = parts.map((part) => part[side])
    const list = <Item>(read: (each: (typeof sides)[number]) => readonly Item[] | undefined) =>
      sides.every((each) => read(each) !== undefined)
        ? sides.flatMap((each) => read(each) ?? [])
        : undefined
    return {
      flagged: sides.flatMap(({ flagged }) => flagged),
      prompts: list(({ prompts }) => prompts),
      groups: list(({ groups }) => groups),
    }
  }
  return { unacceptable: join('unacceptable'), acceptable: join('acceptable') }
}

function counter(tell: (done: number) => void): () => void {
  let done = 0
  return () => {
    done += 1
    tell(done)
  }
}
