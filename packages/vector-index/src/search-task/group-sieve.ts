import { BestRows } from './best-rows.js'
import type { ErrorBound } from './metrics/search-metric.js'

/** Groups that may hold a result, and the most that the estimate of any of their rows can truly be. */
interface Candidates {
  groups: number[]
  ceilings: number[]
  /** Candidates beyond which it is worth looking which of them have fallen out. */
  limit: number
}

const firstLimit = 1024

/**
 * Decides, for one query, which groups of rows must be looked at exactly. It never drops a group that
 * holds a result: a group goes only if its best estimate, moved up by the largest error that float32
 * allows, still stays below the floor. For a search of the `k` nearest the floor rises: once `k` groups
 * are known whose best rows truly reach some estimate, no row below it can be among the `k` nearest.
 */
export class GroupSieve {
  readonly bound: ErrorBound
  /** An estimate that every result truly reaches. */
  floor: number
  readonly #sure: BestRows | null
  #candidates: Candidates = { groups: [], ceilings: [], limit: firstLimit }

  /**
   * @param floor an estimate that results are known to reach; minus infinity where none is known
   * @param nearest how many nearest rows are wanted, or null where the floor stays
   */
  constructor(bound: ErrorBound, floor: number, nearest: number | null) {
    this.bound = bound
    this.floor = floor
    this.#sure = nearest === null ? null : new BestRows(nearest, null)
  }

  /** Takes in a group whose ceiling reaches the floor (or is NaN: an estimate that tells nothing). */
  add(group: number, estimate: number, error: number): void {
    const candidates = this.#candidates
    candidates.groups.push(group)
    candidates.ceilings.push(estimate + error)
    const sure = estimate - error
    if (this.#sure && sure > this.#sure.least) {
      this.#sure.offer(sure, group)
      this.floor = this.#sure.least
    }
    if (candidates.groups.length > candidates.limit) this.#thin()
  }

  /** The candidates so far, which are forgotten here. */
  take(): readonly number[] {
    this.#thin()
    const { groups } = this.#candidates
    this.#candidates = { groups: [], ceilings: [], limit: firstLimit }
    return groups
  }

  /** Drops what has fallen below the floor since it was added. */
  #thin(): void {
    const { groups, ceilings } = this.#candidates
    const stays = ceilings.map((ceiling) => !(ceiling < this.floor))
    const kept = groups.filter((_, index) => stays[index])
    this.#candidates = {
      groups: kept,
      ceilings: ceilings.filter((_, index) => stays[index]),
      limit: Math.max(firstLimit, 2 * kept.length),
    }
  }
}
