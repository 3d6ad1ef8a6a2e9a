import { createMatrix, type ImageGenerator, type Matrix } from '@assay/core'
import type { PictureRequest } from '@assay/diffusion'
import type { CommandSession } from '../command-session.js'
import type { VectorSpace } from './vector-space.js'

/** What is drawn without a shield, to calibrate one on. */
export interface BaseVectorsOptions {
  readonly generator: ImageGenerator
  readonly requests: readonly PictureRequest[]
  readonly space: VectorSpace
}

/** Pictures that a generator draws by itself, with the prompt of each. */
export interface BaseVectors {
  /** A picture a row; its fingerprint names the space. */
  readonly vectors: Matrix
  readonly prompts: readonly string[]
}

/**
 * Draws pictures without a shield and keeps only their vectors.
 *
 * @throws AssayError what the generator throws
 */
export async function baseVectors(
  { generator, requests, space }: BaseVectorsOptions,
  { progress, signal }: CommandSession,
): Promise<BaseVectors> {
  const total = requests.reduce((sum, { count }) => sum + count, 0)
  const rows: Float32Array[] = []
  const prompts: string[] = []
  for (const request of requests) {
    for await (const drawn of generator.generate({ ...request, signal })) {
      if (drawn.outcome === 'rejected') continue
      rows.push(...(await space.toVectors([drawn.image])))
      prompts.push(request.prompt)
      progress({ task: 'draw pictures without a shield', done: rows.length, total })
    }
  }
  const data = new Float32Array(rows.length * space.dimensions)
  for (const [at, row] of rows.entries()) data.set(row, at * space.dimensions)
  const { dimensions: columns, name: fingerprint } = space
  return { vectors: createMatrix({ data, columns, fingerprint }), prompts }
}

/** The same requests for at least so many pictures in all, each prompt with seeds that follow. */
export function atLeast(
  requests: readonly PictureRequest[],
  pictures: number,
): readonly PictureRequest[] {
  const each = Math.ceil(pictures / requests.length)
  return requests.map((request) => ({ ...request, count: Math.max(request.count, each) }))
}
