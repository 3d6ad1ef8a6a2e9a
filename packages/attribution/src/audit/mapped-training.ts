import { AssayError, type AuditSet, type Matrix } from '@assay/core'
import { applyHead } from '../head/apply-head.js'
import type { AttributionHead } from '../head/attribution-head.js'

/** Training pictures as they are searched. */
export interface MappedTraining {
  readonly vectors: Matrix
  /** The label of each picture; null without a field to group by. */
  readonly labels: readonly (string | null)[] | null
}

/**
 * The training pictures in the head's space, and what they are credited to.
 *
 * @throws AssayError `MISSING_INPUT` without pictures, or where no picture has the field; what
 *   `applyHead` throws
 */
export function mappedTraining(
  training: AuditSet | null,
  {
    head,
    groupBy,
  }: { readonly head: AttributionHead | null; readonly groupBy: string | undefined },
): MappedTraining {
  if (training === null || training.items.length === 0) {
    throw new AssayError({
      code: 'MISSING_INPUT',
      message: 'No training picture could be embedded.',
      value: training?.failures.length ?? null,
      remedy: 'Name a folder of training pictures as `training`.',
    })
  }
  const { embeddings, items } = training
  const vectors = head ? applyHead({ head, side: 'real', features: embeddings }) : embeddings
  if (groupBy === undefined) return { vectors, labels: null }
  const labels = items.map(({ metadata }) => labelOf(metadata[groupBy]))
  if (labels.some((label) => label !== null)) return { vectors, labels }
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `No training picture has the metadata field "${groupBy}".`,
    value: groupBy,
    remedy: 'Name a field of the metadata.jsonl beside the training pictures.',
  })
}

const labelOf = (value: unknown): string | null =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
