import { AssayError, createRandom, type Random } from '@assay/core'
import type { AttackLimits } from './attack-options.js'
import type { AttackResult, AttackStop } from './attack-result.js'
import {
  addScaled,
  type PerturbationNorm,
  perturbationSize,
  projectChange,
} from './perturbation.js'

/** Rounding may put a projected point this share outside its radius. */
const SLACK = 1e-9

/** What is under attack, and the limits. */
export interface AttackSetting extends AttackLimits {
  readonly origin: Float64Array
  readonly norm: PerturbationNorm
  /** Whether values must stay in [0, 1], and on the 8-bit grid around the origin. */
  readonly pixels: boolean
  readonly eightBit: boolean
  scores(points: readonly Float64Array[]): ArrayLike<number> | Promise<ArrayLike<number>>
}

/** What the target said of one point. */
export interface Answer {
  /** The point as it was asked: cut to [0, 1], and rounded where that was wanted. */
  readonly point: Float64Array
  /** How far the decision is from turning: what an attack makes smaller. */
  readonly loss: number
  /** Whether the decision is another than that of the origin. */
  readonly turned: boolean
}

/** One attack under way: counts queries, stops at the budget, keeps the nearest point that turned. */
export class AttackRun {
  readonly origin: Float64Array
  readonly norm: PerturbationNorm
  readonly radius: number
  readonly refinements: number
  readonly random: Random
  readonly #setting: AttackSetting
  readonly #budget: number
  #queries = 0
  #spent = false
  #score = Number.NaN
  #nearest: { readonly point: Float64Array; readonly distance: number } | null = null
  #queriesToSuccess: number | null = null

  private constructor(setting: AttackSetting) {
    const { radius = Number.POSITIVE_INFINITY, budget = 5000 } = setting
    const { refinements = 20, seed = 0 } = setting
    assertLimits(radius, budget, refinements)
    this.#setting = setting
    this.#budget = budget
    this.origin = setting.origin
    this.norm = setting.norm
    this.radius = radius
    this.refinements = refinements
    this.random = createRandom(seed)
  }

  /** Begins by asking for the decision that is to be turned. */
  static async start(setting: AttackSetting): Promise<AttackRun> {
    const run = new AttackRun(setting)
    run.#queries = 1
    run.#score = assertScore((await setting.scores([setting.origin]))[0])
    return run
  }

  get flagged(): boolean {
    return this.#score > 0
  }

  /** The loss of the origin. */
  get loss(): number {
    return Math.abs(this.#score)
  }

  get remaining(): number {
    return this.#budget - this.#queries
  }

  /** The nearest point that turned, within the radius. */
  get nearest(): { readonly point: Float64Array; readonly distance: number } | null {
    return this.#nearest
  }

  /** Whether there is nothing left to look for: something was found and any within the radius will do. */
  get satisfied(): boolean {
    return this.#nearest !== null && Number.isFinite(this.radius)
  }

  /** Takes queries out of the budget; false, and nothing taken, where too few are left. */
  spend(queries: number): boolean {
    if (this.#setting.signal?.aborted) throw aborted(this.#setting.signal.reason)
    if (queries > this.remaining) {
      this.#spent = true
      return false
    }
    this.#queries += queries
    return true
  }

  /** Asks the target; null where the budget does not reach. */
  async ask(points: readonly Float64Array[]): Promise<readonly Answer[] | null> {
    if (!this.spend(points.length)) return null
    const placed = points.map((point) => this.place(point))
    const scores = await this.#setting.scores(placed)
    return placed.map((point, at) => this.note(point, scores[at]))
  }

  /** Asks the target about one point. */
  async askOne(point: Float64Array): Promise<Answer | null> {
    return (await this.ask([point]))?.[0] ?? null
  }

  /** Judges the score of a placed point, and keeps the point where it turned. */
  note(point: Float64Array, answered: number | undefined): Answer {
    const score = assertScore(answered)
    const loss = this.flagged ? score : -score
    const turned = score > 0 !== this.flagged
    if (turned) this.#keep(point)
    return { point, loss, turned }
  }

  /** The nearest point that is within the radius, and within [0, 1] for pixels; not rounded. */
  within(point: Float64Array, radius = this.radius): Float64Array {
    const change = projectChange(addScaled(point, this.origin, -1), this.norm, radius)
    return this.cut(addScaled(this.origin, change))
  }

  /** The point as it can be asked: within [0, 1], and rounded to 8 bits where that is wanted. */
  place(point: Float64Array): Float64Array {
    const cut = this.cut(point)
    if (!this.#setting.eightBit) return cut
    const nearest = cut.map((value) => Math.round(value * 255) / 255)
    const inside = (each: Float64Array) => this.#distance(each) <= this.radius * (1 + SLACK)
    if (inside(nearest) || !inside(cut)) return nearest
    return cut.map((value, at) => {
      const start = this.origin[at]!
      // Values a rounding error short of a step count as having reached it.
      const steps = Math.trunc((value - start) * 255 * (1 + SLACK))
      return (Math.round(start * 255) + steps) / 255
    })
  }

  /** The nearest point within [0, 1], for pixels; not rounded. */
  cut(point: Float64Array): Float64Array {
    if (!this.#setting.pixels) return point
    return point.map((value) => Math.min(1, Math.max(0, value)))
  }

  #distance(point: Float64Array): number {
    return perturbationSize(addScaled(point, this.origin, -1), this.norm)
  }

  /** What came of it. */
  result(otherwise: AttackStop = 'exhausted'): AttackResult {
    const nearest = this.#nearest
    return {
      flagged: this.flagged,
      score: this.#score,
      success: nearest !== null,
      changed: nearest?.point ?? null,
      distance: nearest?.distance ?? null,
      norm: this.norm,
      radius: Number.isFinite(this.radius) ? this.radius : null,
      queries: this.#queries,
      budget: this.#budget,
      queriesToSuccess: this.#queriesToSuccess,
      stopped: this.#spent ? 'budget' : nearest === null ? otherwise : 'found',
    }
  }

  #keep(point: Float64Array): void {
    const measured = this.#distance(point)
    if (measured > this.radius * (1 + SLACK)) return
    // What rounding alone puts outside the radius is at it, also to whoever counts by it later.
    const distance = Math.min(measured, this.radius)
    this.#queriesToSuccess ??= this.#queries
    if (distance < (this.#nearest?.distance ?? Number.POSITIVE_INFINITY)) {
      this.#nearest = { point, distance }
    }
  }
}

function assertScore(score: number | undefined): number {
  if (score !== undefined && !Number.isNaN(score)) return score
  throw new AssayError({
    code: 'NOT_FINITE',
    message: 'The target of an attack answered with no number.',
    value: score,
    remedy: 'Return one score a picture, above 0 where it is flagged.',
  })
}

function assertLimits(radius: number, budget: number, refinements: number): void {
  const invalid = !(radius > 0)
    ? (['a radius', radius] as const)
    : !(Number.isSafeInteger(budget) && budget >= 1)
      ? (['a budget', budget] as const)
      : !(Number.isSafeInteger(refinements) && refinements >= 0)
        ? (['refinements', refinements] as const)
        : null
  if (invalid === null) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `An attack cannot be made with ${invalid[0]} of ${invalid[1]}.`,
    value: invalid[1],
    remedy:
      'Give a radius above 0, a whole budget of at least 1, and whole refinements of at least 0.',
  })
}

const aborted = (cause: unknown) =>
  new AssayError({
    code: 'ABORTED',
    message: 'The attack was stopped.',
    value: cause,
    remedy: 'Start it again; the same seed takes the same way.',
    cause,
  })
