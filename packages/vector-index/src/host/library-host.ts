// A process of its own: native libraries block the thread that they run in, some of their faults end the
// process, and faiss-node can serve one thread only.
import { AssayError } from '@assay/core'
import { faissLibrary } from './faiss-library.js'
import { HostedIndex } from './hosted-index.js'
import type { LibraryReply, LibraryRequest, OpenArgument } from './library-protocol.js'
import type { NearestLibrary } from './nearest-library.js'
import { fileRows, memoryRows } from './row-store.js'
import { usearchLibrary } from './usearch-library.js'

/** What is made by `open`. */
interface OpenHost {
  readonly library: NearestLibrary
  readonly index: HostedIndex
  /** The memory that rows are put into; empty where they stay in a file. */
  readonly memory: Float32Array
  readonly columns: number
}

let host: OpenHost | null = null
let running = { id: -1, abort: new AbortController() }

async function open(argument: OpenArgument): Promise<null> {
  const { library: settings, rows, columns, file } = argument
  const library =
    settings.name === 'faiss'
      ? await faissLibrary(settings, argument)
      : await usearchLibrary(settings, argument)
  const memory = new Float32Array(file ? 0 : rows * columns)
  const store = file ? await fileRows(file) : memoryRows(memory, columns)
  host = { library, index: new HostedIndex(library, store, argument), memory, columns }
  return null
}

async function answer(
  request: Exclude<LibraryRequest, { name: 'abort' | 'open' }>,
  { library, index, memory, columns }: OpenHost,
): Promise<unknown> {
  const { signal } = running.abort
  switch (request.name) {
    case 'put':
      memory.set(request.argument.data, request.argument.start * columns)
      return null
    case 'train':
      await index.train()
      return null
    case 'add':
      await index.add(request.argument)
      return null
    case 'nearest':
      return index.nearest(request.argument, signal)
    case 'within':
      return index.within(request.argument, signal)
    case 'digest':
      return index.digest()
    case 'save':
      library.save(request.argument.path)
      return null
    case 'restore':
      library.restore(request.argument.path, request.argument.map)
      return null
  }
}

function wireError(error: unknown): LibraryReply {
  if (AssayError.isInstance(error)) return { error: error.toJSON() }
  const message = error instanceof Error ? error.message : String(error)
  const remedy = 'Check the vectors, the settings and the files that the library was given.'
  return { error: { code: 'ENGINE_FAILED', message, remedy, location: {} } }
}

process.on('message', async (request: LibraryRequest) => {
  if (request.name === 'abort') {
    if (request.id === running.id) running.abort.abort()
    return
  }
  running = { id: request.id, abort: new AbortController() }
  try {
    const result =
      request.name === 'open' ? await open(request.argument) : host && (await answer(request, host))
    process.send?.({ answer: result } satisfies LibraryReply)
  } catch (error) {
    process.send?.(wireError(error))
  }
})
process.on('disconnect', () => process.exit())
