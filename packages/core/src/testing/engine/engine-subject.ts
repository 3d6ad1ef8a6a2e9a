import type { Engine } from '../../contracts/engine.js'

/** An engine under check. */
export interface EngineSubject {
  readonly engine: Engine
  readonly tolerance: number
}
