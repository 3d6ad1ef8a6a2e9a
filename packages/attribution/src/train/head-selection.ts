import type { Tensor } from '@assay/core'
import type { HeadEvaluation } from './fit-attribution-head-options.js'

/** Parameters of a training, by name. */
export type HeadParameters = Readonly<Record<string, Tensor>>

/** Keeps the parameters that did best on what was held out, and says when to stop looking. */
export class HeadSelection {
  readonly evaluations: HeadEvaluation[] = []
  readonly #patience: number
  #best: { readonly evaluation: HeadEvaluation; readonly parameters: HeadParameters } | null = null
  #sinceBest = 0

  /** @param patience evaluations without a better one after which to stop */
  constructor(patience: number) {
    this.#patience = patience
  }

  /** Takes note of an evaluation, and tells whether to stop. Of equally good ones the first is kept. */
  add(evaluation: HeadEvaluation, parameters: HeadParameters): boolean {
    this.evaluations.push(evaluation)
    const least = this.#best?.evaluation.meanAveragePrecision ?? Number.NEGATIVE_INFINITY
    if (evaluation.meanAveragePrecision > least) {
      this.#best = { evaluation, parameters }
      this.#sinceBest = 0
    } else this.#sinceBest += 1
    return this.#sinceBest >= this.#patience
  }

  /** The best, or null before the first evaluation. */
  get best(): { readonly step: number; readonly parameters: HeadParameters } | null {
    const best = this.#best
    return best && { step: best.evaluation.step, parameters: best.parameters }
  }
}
