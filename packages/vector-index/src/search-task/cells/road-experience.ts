import type { RoadCosts } from './road-costs.js'

/** How far one search moves an estimate, as a power of what it missed by: half of the way. */
const trust = 0.5
/** Searches that may prune one query against the estimates, only to learn what that costs. */
const trials = 3
/** A trial must cost no more than this part of the scan that it stands beside. */
const trialShare = 1 / 8

/**
 * What the roads of a radius search cost, corrected by every search that takes one: the first figures
 * come from a part of the rows, on a machine that may have been busy. They decide which road is taken,
 * never what is found.
 */
export class RoadExperience {
  readonly #first: RoadCosts
  #scanFactor = 1
  #candidateFactor = 1
  #trials = trials

  constructor(first: RoadCosts) {
    this.#first = first
  }

  get costs(): RoadCosts {
    const { scan, scanQuery, candidate } = this.#first
    return {
      scan: scan * this.#scanFactor,
      scanQuery: scanQuery * this.#scanFactor,
      candidate: candidate * this.#candidateFactor,
    }
  }

  /** One scan for some queries took some milliseconds. */
  scanned(queries: number, milliseconds: number): void {
    const { scan, scanQuery } = this.costs
    this.#scanFactor *= correction(milliseconds, scan + queries * scanQuery)
  }

  /** Looking at some candidates took some milliseconds. */
  pruned(candidates: number, milliseconds: number): void {
    this.#candidateFactor *= correction(milliseconds, candidates * this.costs.candidate)
  }

  /** Whether one query with so many candidates should prune beside a scan for some others. */
  tries(candidates: number, queries: number): boolean {
    const { scan, scanQuery, candidate } = this.costs
    const cheap = candidates * candidate <= (scan + queries * scanQuery) * trialShare
    if (!cheap || this.#trials === 0) return false
    this.#trials -= 1
    return true
  }
}

/** Nothing is learnt from what takes no time, or was expected to. */
const correction = (observed: number, expected: number): number =>
  observed > 0 && expected > 0 ? (observed / expected) ** trust : 1
