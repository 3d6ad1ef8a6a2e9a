import type { Parametrization } from '../parametrization.js'
import type { Schedule } from '../schedule.js'

/** How often a model is asked, and how. */
export interface ScheduleOptions {
  /** Steps, at least 1. Heun asks the model twice a step but for the last. */
  readonly steps: number
  /** Share of fresh noise in DDIM, from 0 (none) to 1 (as in DDPM); others ignore it. Default: 0 */
  readonly eta?: number
}

/** A checked scheduler configuration. */
export interface Scheduler {
  /** Name of the class in diffusers. */
  readonly className: string
  readonly parametrization: Parametrization
  /**
   * @throws AssayError `INVALID_ARGUMENT` for steps or an eta that this scheduler cannot make;
   *   `MODEL_INCOMPATIBLE` where noise would be predicted from a state without signal
   */
  schedule(options: ScheduleOptions): Schedule
}
