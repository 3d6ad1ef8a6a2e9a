import { AssayError } from '@assay/core'
import type { FeatureBlock, FeatureBlocksOptions, FeatureSource } from './feature-source.js'

/** A feature source without its iteration: what it is, and how to read some of its rows. */
export interface FeatureRows extends Omit<FeatureSource, 'blocks'> {
  /** Some rows, checked. */
  read(firstRow: number, count: number): Promise<FeatureBlock>
}

const blockBytes = 16 * 2 ** 20

/**
 * The feature source of some rows, with its labels checked.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH` (another number of ids or labels than rows),
 *   `DUPLICATE_ID`
 */
export function createFeatureSource({ read, ...description }: FeatureRows): FeatureSource {
  assertDescription(description)
  const { rows, columns } = description

  async function* blocks({
    rows: step = Math.max(1, Math.floor(blockBytes / (columns * 4))),
    signal,
  }: FeatureBlocksOptions = {}) {
    if (!Number.isSafeInteger(step) || step < 1) {
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `Features cannot be read ${step} rows at a time.`,
        value: step,
        remedy: 'Give a whole number of rows of at least 1.',
      })
    }
    for (let firstRow = 0; firstRow < rows; firstRow += step) {
      assertNotAborted(signal)
      yield await read(firstRow, Math.min(step, rows - firstRow))
    }
  }
  return { ...description, blocks }
}

function assertDescription({ rows, ids, groups }: Omit<FeatureSource, 'blocks'>): void {
  if (rows === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'There are no features: the set has no rows.',
      value: rows,
      remedy: 'Give the features of at least one picture.',
    })
  }
  assertCount('ids', ids?.length ?? rows, rows)
  for (const [field, labels] of groups) assertCount(`labels of ${field}`, labels.length, rows)
  assertDistinct(ids ?? [])
}

function assertCount(what: string, count: number, rows: number): void {
  if (count === rows) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${count} ${what} for ${rows} rows of features.`,
    value: count,
    remedy: 'Give one for each row, in the order of the rows.',
  })
}

function assertDistinct(ids: readonly string[]): void {
  const seen = new Set<string>()
  for (const [row, id] of ids.entries()) {
    if (seen.has(id)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `The id ${JSON.stringify(id)} names two rows of features.`,
        value: id,
        remedy: 'Give every picture an id of its own.',
        location: { row, id },
      })
    }
    seen.add(id)
  }
}

function assertNotAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw new AssayError({
    code: 'ABORTED',
    message: 'The reading of features was stopped.',
    remedy: 'Start it again.',
  })
}
