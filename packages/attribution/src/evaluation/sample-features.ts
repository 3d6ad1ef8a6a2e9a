import type { FeatureSource } from '../features/feature-source.js'
import { selectBlockRows } from '../scores/unit-rows.js'

/**
 * A feature source of some of another's rows.
 *
 * @param rows distinct numbers of rows of the source, in increasing order
 */
export function sampleFeatures(source: FeatureSource, rows: readonly number[]): FeatureSource {
  const labels = <Label>(all: readonly Label[]) => rows.map((row) => all[row]!)
  return {
    ...source,
    rows: rows.length,
    ids: source.ids && labels(source.ids),
    groups: new Map([...source.groups].map(([field, all]) => [field, labels(all)])),
    async *blocks(options) {
      let next = 0
      for await (const block of source.blocks(options)) {
        const start = next
        while (next < rows.length && rows[next]! < block.firstRow + block.matrix.rows) next += 1
        const wanted = rows.slice(start, next).map((row) => row - block.firstRow)
        if (wanted.length > 0) yield { ...selectBlockRows(block, wanted), firstRow: start }
      }
    },
  }
}
