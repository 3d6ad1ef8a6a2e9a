import type { EngineSession, Tensor } from '@assay/core'
import { outputFloats } from './number-tensor.js'

/** What a graph is run on. */
export interface RunRowsOptions {
  readonly session: EngineSession
  /** Path of the graph, for errors. */
  readonly file: string
  /** Feeds whose first dimension is the batch, or 1 for all rows alike. Their memory is given up. */
  readonly feeds: Readonly<Record<string, Tensor>>
  readonly rows: number
  /** Output that is wanted. */
  readonly output: string
  /** Whether the graph takes one row at a time. */
  readonly single: boolean
  readonly signal: AbortSignal | undefined
}

/** The output for all rows, in one run or, where the graph takes but one row, in one run each. */
export async function runRows(options: RunRowsOptions): Promise<Float32Array> {
  const { session, file, feeds, rows, output, single, signal } = options
  const settings = { outputs: [output], transfer: true, ...(signal && { signal }) }
  if (!single) return outputFloats(await session.run(feeds, settings), output, file).values
  const parts: Float32Array[] = []
  for (let row = 0; row < rows; row++) {
    const alone = Object.entries(feeds).map(([name, tensor]) => [name, rowOf(tensor, row, rows)])
    const outputs = await session.run(Object.fromEntries(alone), settings)
    parts.push(outputFloats(outputs, output, file).values)
  }
  const length = parts[0]?.length ?? 0
  const joined = new Float32Array(rows * length)
  for (const [row, part] of parts.entries()) joined.set(part, row * length)
  return joined
}

/** One row of a feed as a copy of its own; what all rows share stays whole. */
function rowOf(tensor: Tensor, row: number, rows: number): Tensor {
  const { dims, data } = tensor
  const [first, ...others] = dims
  if (first !== rows) return { ...tensor, data: data.slice() } as Tensor
  const length = data.length / rows
  return {
    ...tensor,
    dims: [1, ...others],
    data: data.slice(row * length, (row + 1) * length),
  } as Tensor
}
