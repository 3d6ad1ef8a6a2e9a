/** The learning rate of a step; steps count from 1. */
export type LearningRateSchedule = (step: number) => number

/** A learning rate: one for all steps, or one a step. */
export type LearningRate = number | LearningRateSchedule

/** A course from one rate to another. */
export interface CosineOptions {
  /** Rate of the first step. */
  readonly from: number
  /** Rate of every step after the last. Default 0. */
  readonly to?: number
  /** How many steps the course takes. */
  readonly steps: number
}

/**
 * Half a cosine from one rate down to another, then constant: `to + (from - to)(1 + cos(π k / steps)) / 2`
 * where `k` steps lie behind (Loshchilov & Hutter 2017, "SGDR", equation 5, without restarts).
 */
export function cosineRate({ from, to = 0, steps }: CosineOptions): LearningRateSchedule {
  return (step) => {
    const course = Math.min(1, (step - 1) / steps)
    return to + ((from - to) * (1 + Math.cos(Math.PI * course))) / 2
  }
}

/** A linear rise before another course. */
export interface WarmUpOptions {
  /** How many steps the rise takes; the last of them has the first rate of what follows. */
  readonly steps: number
  /** What follows. */
  readonly rate: LearningRate
}

/** Rises linearly from 0 to the rate at which another course begins, and goes on with it. */
export function warmUpRate({ steps, rate }: WarmUpOptions): LearningRateSchedule {
  return (step) => (step <= steps ? (rateAt(rate, 1) * step) / steps : rateAt(rate, step - steps))
}

/** The rate of a step, counted from 1. */
export function rateAt(rate: LearningRate, step: number): number {
  return typeof rate === 'number' ? rate : rate(step)
}
