import type { ConceptFilter } from '../../filter/concept-filter.js'
import { embeddingScore } from '../score/embedding-score.js'
import type { AttackLimits } from '../search/attack-options.js'
import type { AttackResult } from '../search/attack-result.js'
import { AttackRun } from '../search/attack-run.js'
import { type DescentOptions, descend } from '../search/descend.js'

/** How an attack on an embedding goes. */
export interface EmbeddingPgdOptions extends AttackLimits, DescentOptions {
  /** Raw or unit; distances are in its unit. */
  readonly embedding: ArrayLike<number>
  readonly filter: ConceptFilter
}

/**
 * Projected gradient descent in the space that certificates live in: noise is added to the image embedding,
 * in L2. It must never come nearer than the exact radius, and should come as near.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `NOT_FINITE`, `ABORTED`
 */
export async function embeddingPgd(options: EmbeddingPgdOptions): Promise<AttackResult> {
  const gradient = embeddingScore(options.filter)
  const run = await AttackRun.start({
    ...options,
    origin: Float64Array.from(options.embedding),
    norm: 'l2',
    pixels: false,
    eightBit: false,
    scores: (points) => points.map((point) => gradient(point).score),
  })
  const outcome = await descend(run, { gradient, asks: false }, options)
  return run.result(outcome === 'flat' ? 'no-gradient' : 'exhausted')
}
