import { AssayError } from '@assay/core'
import { gradientBlocks } from '../../gradients/gradient-blocks.js'
import type { ScoreMatrix } from '../../gradients/score-matrix.js'
import { type OpenGradientsOptions, openGradients } from './open-gradients.js'

/** What a file of scores does not say itself. */
export interface ReadScoreMatrixOptions extends Omit<OpenGradientsOptions, 'ids'> {
  /**
   * What a row of the file is: a `query` (D-TRAK, DAS, kronfluence, LogIX) or a `train` picture (TRAK, dattri).
   * There is no telling from the file.
   */
  readonly rowsAre: 'query' | 'train'
  /** Whether larger numbers mean less influence, as for losses and logits of ranks. Default: false */
  readonly negate?: boolean
  /** One distinct id a query. Default: null, the row number. */
  readonly queryIds?: readonly string[] | null
  /** One distinct id a training picture. Default: null, the column number. */
  readonly trainIds?: readonly string[] | null
}

/**
 * Scores that another program computed, from any file that `openGradients` opens, a row a query afterwards.
 *
 * @throws AssayError as `openGradients` does, and `SHAPE_MISMATCH` where ids do not fit
 */
export async function readScoreMatrix(
  path: string,
  options: ReadScoreMatrixOptions,
): Promise<ScoreMatrix> {
  const { rowsAre, negate = false, queryIds = null, trainIds = null, ...layout } = options
  const rowIds = rowsAre === 'query' ? queryIds : trainIds
  const file = await openGradients(path, { ...layout, ...(rowIds && { ids: rowIds }) })
  try {
    const { rows, columns } = file
    const [sign, byQuery] = [negate ? -1 : 1, rowsAre === 'query']
    const data = new Float64Array(rows * columns)
    for await (const block of gradientBlocks(file)) {
      for (let at = 0; at < block.data.length; at++) {
        const [row, column] = [block.firstRow + Math.floor(at / columns), at % columns]
        data[byQuery ? row * columns + column : column * rows + row] = sign * block.data[at]!
      }
    }
    const shape = byQuery ? { rows, columns } : { rows: columns, columns: rows }
    const other = byQuery ? trainIds : queryIds
    if (other) assertCount(other.length, columns)
    const own = file.ids
    return byQuery
      ? { data, ...shape, queryIds: own, trainIds: other }
      : { data, ...shape, queryIds: other, trainIds: own }
  } finally {
    await file.close()
  }
}

function assertCount(ids: number, columns: number): void {
  if (ids === columns) return
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `There are ${ids} ids for ${columns} columns of scores.`,
    value: ids,
    remedy: 'Give one for each column, or see whether rowsAre is the other way round.',
  })
}
