import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Matrix, VectorMetric } from '@assay/core'
import { indexConformance } from '@assay/core/testing'
import { openMatrixFile, writeMatrixFile } from '@assay/store'
import { createEngine, type NodeEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { createExactIndex } from './create-exact-index.js'

let engine: NodeEngine
let folder: string
beforeAll(async () => {
  engine = createEngine({ threads: 2 })
  folder = await mkdtemp(join(tmpdir(), 'assay-conformance-'))
})
afterAll(async () => {
  await engine.close()
  await rm(folder, { recursive: true })
})

describe('an exact index in memory is a vector index', () => {
  const createIndex = (vectors: Matrix, metric: VectorMetric) =>
    createExactIndex({ vectors, metric, engine })
  for (const { name, run } of indexConformance({ createIndex, tolerance: 0 })) it(name, run)
})

describe.each(['faster', 'prune'] as const)(
  'an exact index with cells is a vector index (%s)',
  (road) => {
    const createIndex = (vectors: Matrix, metric: VectorMetric) =>
      createExactIndex({ vectors, metric, engine, radiusSearch: { road, cells: 9 } })
    for (const { name, run } of indexConformance({ createIndex, tolerance: 0 })) it(name, run)
  },
)

describe('an exact index that streams from a file is a vector index', () => {
  let files = 0
  const createIndex = async (vectors: Matrix, metric: VectorMetric) => {
    const path = join(folder, `${++files}.safetensors`)
    await writeMatrixFile(path, vectors)
    const file = await openMatrixFile(path)
    // The index reads the rows on its own and keeps the ids: the file may close.
    await file.close()
    return createExactIndex({ vectors: file, metric, engine, stream: true })
  }
  for (const { name, run } of indexConformance({ createIndex, tolerance: 0 })) it(name, run)
})
