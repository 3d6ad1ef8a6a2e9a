import { topK } from '@assay/core/linear-algebra'
import { influenceThreshold } from '../influence/influence-threshold.js'
import { influenceWeight } from '../influence/influence-weight.js'
import type { InfluenceForm } from './candidates.js'

const firstLimit = 1024
/** Room for the rounding of a threshold: what lies on it is decided by its weight. */
const slack = 1e-9

/**
 * One query's candidates while a pool goes by: it keeps the k best, and every row that has influence
 * beside the best so far. A row that is let go can never come back, since the best only gets better.
 */
export class CandidateList {
  readonly #k: number
  readonly #form: InfluenceForm | null
  #rows: number[] = []
  #scores: number[] = []
  #best = Number.NEGATIVE_INFINITY
  #floor = Number.NEGATIVE_INFINITY
  #limit = firstLimit

  /** @param form null where only the k best are wanted */
  constructor(k: number, form: InfluenceForm | null) {
    this.#k = k
    this.#form = form
    // Every row has influence: nothing can ever be let go.
    if (form && form.bias >= 0) this.#limit = Number.POSITIVE_INFINITY
  }

  offer(score: number, row: number): void {
    if (score < this.#floor) return
    this.#rows.push(row)
    this.#scores.push(score)
    if (score > this.#best) this.#best = score
    if (this.#scores.length > this.#limit) this.#thin()
  }

  /** What is left. */
  take(): { readonly rows: readonly number[]; readonly scores: Float64Array } {
    if (Number.isFinite(this.#limit)) this.#thin()
    return { rows: this.#rows, scores: Float64Array.from(this.#scores) }
  }

  #thin(): void {
    const form = this.#form
    const all = this.#scores
    const least = all.length < this.#k ? Number.NEGATIVE_INFINITY : all[topK(all, this.#k).at(-1)!]!
    const stays = all.map(
      (score) => score >= least || (form !== null && influenceWeight(score, this.#best, form) > 0),
    )
    this.#rows = this.#rows.filter((_, at) => stays[at])
    this.#scores = all.filter((_, at) => stays[at])
    this.#floor = form ? Math.min(least, influenceThreshold(this.#best, form) - slack) : least
    this.#limit = Math.max(firstLimit, 2 * this.#scores.length)
  }
}
