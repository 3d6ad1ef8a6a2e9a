import { AssayError } from '@assay/core'
import type { RowVectors } from '@assay/core/linear-algebra'
import type { LinearDatamodellingOptions } from './linear-datamodelling-score.js'

/** Throws unless masks, outputs and scores belong together. */
export function assertDatamodelling(options: LinearDatamodellingOptions): void {
  const { masks, outputs, scores, clusters } = options
  for (const [name, rows] of Object.entries({ masks, outputs, scores })) assertFilled(name, rows)
  assertEqual(outputs.rows, masks.rows, 'rows of outputs', 'retrained models (rows of masks)')
  assertEqual(
    scores.columns,
    masks.columns,
    'columns of scores',
    'training pictures (columns of masks)',
  )
  assertEqual(scores.rows, outputs.columns, 'rows of scores', 'queries (columns of outputs)')
  assertEqual(clusters?.length ?? scores.rows, scores.rows, 'clusters', 'queries')
  if (masks.rows < 3) {
    throw invalid(
      `${masks.rows} retrained models give no rank correlation.`,
      masks.rows,
      'Retrain on at least three subsets; 64 are usual.',
    )
  }
  const odd = masks.data.find((value) => value !== 0 && value !== 1)
  if (odd !== undefined) {
    throw invalid(
      `A mask holds ${odd}.`,
      odd,
      'Give 1 where a model was trained on a picture, else 0.',
    )
  }
}

function assertFilled(name: string, { data, rows, columns }: RowVectors): void {
  if (rows * columns === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: `The ${name} are empty.`,
      value: 0,
      remedy: 'Give at least one query, one training picture and three retrained models.',
    })
  }
  assertEqual(data.length, rows * columns, `values of ${name}`, 'cells')
  const at = data.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `Row ${Math.floor(at / columns)} of the ${name} holds ${data[at]} in column ${at % columns}.`,
    value: data[at],
    remedy: 'Leave this query or this retrained model out.',
    location: { row: Math.floor(at / columns) },
  })
}

function assertEqual(count: number, expected: number, what: string, of: string): void {
  if (count === expected) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${count} ${what} for ${expected} ${of}.`,
    value: [count, expected],
    remedy:
      'Give scores as queries × training pictures (some methods export them the other way round).',
  })
}

const invalid = (message: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })
