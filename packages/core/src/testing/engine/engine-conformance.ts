import type { Engine } from '../../contracts/engine.js'
import type { ConformanceCheck } from '../conformance-check.js'
import { runConformance } from '../run-conformance.js'
import {
  checkAbort,
  checkClosedEngine,
  checkClosedSession,
  checkFeeds,
  checkModels,
} from './engine-error-checks.js'
import {
  checkArithmetic,
  checkConcurrency,
  checkDescription,
  checkDeterminism,
  checkFeedsKept,
  checkOutputs,
  checkOwnership,
  checkSizes,
  checkSpecifications,
  checkTypes,
  checkViews,
} from './engine-run-checks.js'
import type { EngineSubject } from './engine-subject.js'

/** An engine, and how strictly it is checked. */
export interface EngineConformanceOptions {
  /** Makes a new engine; every check makes one and closes it. */
  createEngine(): Engine | Promise<Engine>
  /**
   * How far a value of tanh(a b), a product of 65 normal numbers each, may lie from its float64 value.
   * Default: 1e-5, which float32 arithmetic keeps.
   */
  readonly tolerance?: number
}

/**
 * What every engine must hold to: inputs and outputs told, every element type carried bit by bit, the
 * same bits for the same input, results of runs side by side kept apart, feeds left to their owner,
 * typed errors after which it works on, abort signals, and closing. The graphs that it runs are within.
 */
export function engineConformance({
  createEngine,
  tolerance = 1e-5,
}: EngineConformanceOptions): readonly ConformanceCheck[] {
  const check = (name: string, body: (subject: EngineSubject) => void | Promise<void>) => ({
    name,
    async run() {
      const engine = await createEngine()
      try {
        await body({ engine, tolerance })
      } finally {
        await engine.close()
      }
    },
  })
  return [
    check('says what it is', checkDescription),
    check('opens a graph from bytes and tells its inputs and outputs', checkSpecifications),
    check('carries every element type, bit by bit', checkTypes),
    check('takes free dimensions of any size, also 0', checkSizes),
    check('gives the outputs that are asked for, all by default', checkOutputs),
    check('computes what the graph says', checkArithmetic),
    check('gives the same bits for the same input', checkDeterminism),
    check('keeps the results of runs side by side apart', checkConcurrency),
    check('leaves feeds alone that are not given up, and reads them at once', checkFeedsKept),
    check('takes views, and no more than them', checkViews),
    check('gives results that are the caller’s own', checkOwnership),
    check('refuses a broken model, and works on', checkModels),
    check('refuses feeds and outputs that do not fit, and works on', checkFeeds),
    check('stops when the signal is aborted, and works on', checkAbort),
    check('refuses to run a closed session, which may be closed twice', checkClosedSession),
    check('refuses everything once closed, also what is under way', checkClosedEngine),
  ]
}

/**
 * Runs {@link engineConformance}.
 *
 * @throws AssayError `CONFORMANCE_FAILED`
 */
export const checkEngine = (options: EngineConformanceOptions): Promise<void> =>
  runConformance('The engine', engineConformance(options))
