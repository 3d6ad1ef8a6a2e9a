import { describe, expect, it } from 'vitest'
import { faissNode } from '../approximate/__fixtures__/faiss-node.js'
import { LibraryProcess } from './library-process.js'
import type { OpenArgument } from './library-protocol.js'

const { absent, note } = faissNode()
const failsWith = (code: string, message?: RegExp) =>
  expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) })

const usearch: OpenArgument = {
  library: {
    name: 'usearch',
    quantization: 'f32',
    connectivity: 16,
    expansionAdd: 64,
    expansionSearch: 64,
  },
  metric: 'euclidean',
  rows: 400,
  columns: 2,
  ids: null,
  file: null,
  threads: 1,
  oversampling: 1,
}
const data = Float32Array.from({ length: 800 }, (_, at) => at)

/** A process with 400 rows in usearch. */
async function loaded(): Promise<LibraryProcess> {
  const library = new LibraryProcess('usearch', 1)
  await library.ask('open', usearch)
  await library.ask('put', { start: 0, data })
  await library.ask('add', { start: 0, count: 400 })
  return library
}

const nearest = { queries: Float32Array.of(9, 9), k: 2, exactly: false }

describe('LibraryProcess', () => {
  it('answers one question after the other', async () => {
    const library = await loaded()
    const answers = await Promise.all([
      library.ask('nearest', nearest),
      library.ask('within', { queries: nearest.queries, radii: Float64Array.of(3) }),
    ])
    expect(answers.map(([answer]) => [...(answer?.rows ?? [])])).toEqual([
      [4, 5],
      [4, 5],
    ])
    library.close()
  })

  it('does not wait for an answer once it is aborted, and goes on', async () => {
    const library = await loaded()
    const abort = new AbortController()
    const { signal } = abort
    const many = { ...nearest, queries: new Float32Array(200_000), exactly: true }
    const running = library.ask('nearest', many, signal)
    const queued = library.ask('nearest', nearest, signal)
    setTimeout(() => abort.abort(), 50)
    await expect(running).rejects.toThrowError(failsWith('ABORTED'))
    await expect(queued).rejects.toThrowError(failsWith('ABORTED'))
    await expect(library.ask('nearest', nearest, signal)).rejects.toThrowError(failsWith('ABORTED'))
    expect(await library.ask('nearest', nearest)).toHaveLength(1)
    library.close()
  })

  it('rejects what is under way, what waits and what comes when it is closed', async () => {
    const library = await loaded()
    const many = { ...nearest, queries: new Float32Array(200_000), exactly: true }
    const asked = [library.ask('nearest', many), library.ask('nearest', nearest)]
    const outcomes = Promise.allSettled(asked)
    setTimeout(() => library.close(), 50)
    for (const outcome of await outcomes) {
      expect(outcome).toEqual({ status: 'rejected', reason: failsWith('ENGINE_CLOSED') })
    }
    await expect(library.ask('nearest', nearest)).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
  })

  it.skipIf(absent)(`survives a fault that ends the library's process ${note}`, async () => {
    const library = new LibraryProcess('faiss', 1)
    const settings = { name: 'faiss', factory: 'IVF8,Flat', trainingRows: 0 } as const
    await library.ask('open', { ...usearch, library: settings })
    await library.ask('put', { start: 0, data })
    // Rows for cells that were never trained: faiss throws where nobody catches.
    const adding = library.ask('add', { start: 0, count: 400 })
    await expect(adding).rejects.toThrowError(failsWith('ENGINE_FAILED', /faiss ended \(SIGABRT\)/))
    await expect(library.ask('nearest', nearest)).rejects.toThrowError(failsWith('ENGINE_FAILED'))
    library.close()
  })
})
