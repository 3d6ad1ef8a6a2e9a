import { AssayError } from '@assay/core'
import type { UsearchSettings } from '../host/library-protocol.js'
import { addVectors, type LibraryIndexOptions, loadVectors } from './load-vectors.js'
import type { UsearchIndex } from './usearch-index.js'
import { UsearchLibraryIndex } from './usearch-library-index.js'

/** What a usearch index is made from. */
export interface UsearchIndexOptions extends LibraryIndexOptions {
  /**
   * How the graph holds vectors. `f16` and `bf16` halve its memory; `i8` quarters it and is for cosine
   * only. `f16` cannot hold values beyond 65,504. Default `f32`.
   */
  readonly quantization?: UsearchSettings['quantization']
  /** Links of a vector in the graph, from 2. Default 16. */
  readonly connectivity?: number
  /** Vectors that are weighed when one is added, from 1; more find more and take longer. Default 128. */
  readonly expansionAdd?: number
  /** Vectors that are weighed in a search, from 1; more find more and take longer. Default 64. */
  readonly expansionSearch?: number
}

/**
 * An index over usearch 2.25.3, an optional package, in a process of its own: a navigable small-world
 * graph (HNSW). usearch names candidates; their scores and order are exact.
 *
 * usearch has no search by radius here: `within` asks for ever more candidates until half of them lie
 * outside of the radius, and compares all rows where that is no more work.
 *
 * @throws AssayError `ENGINE_UNAVAILABLE` where usearch is missing, with what to do; `ENGINE_FAILED` where
 *   its process ends; `INVALID_ARGUMENT` for a setting that cannot be; `NOT_FINITE`, `ZERO_VECTOR`
 *   (cosine) with the id of the row; `FILE_READ_FAILED`, `ABORTED`
 */
export async function createUsearchIndex(options: UsearchIndexOptions): Promise<UsearchIndex> {
  const { vectors, metric } = options
  const settings = usearchSettings(options)
  const { library, recall } = await loadVectors(options, settings, async (started) => {
    await addVectors(started, options)
    return null
  })
  return new UsearchLibraryIndex({ vectors, metric, settings, library, recall })
}

function usearchSettings({
  metric,
  quantization = 'f32',
  connectivity = 16,
  expansionAdd = 128,
  expansionSearch = 64,
}: UsearchIndexOptions): UsearchSettings {
  const numbers = { connectivity, expansionAdd, expansionSearch }
  const wrong = Object.entries(numbers).find(
    ([name, value]) => !Number.isSafeInteger(value) || value < (name === 'connectivity' ? 2 : 1),
  )
  if (wrong) throw invalid(`The ${wrong[0]} of a usearch index cannot be ${wrong[1]}.`, wrong[1])
  if (!['f32', 'f16', 'bf16', 'i8'].includes(quantization)) {
    throw invalid(`usearch has no quantization ${JSON.stringify(quantization)} here.`, quantization)
  }
  if (quantization === 'i8' && metric !== 'cosine') {
    throw invalid(
      `Vectors in i8 keep their direction only, which ${metric} needs more than.`,
      metric,
    )
  }
  return { name: 'usearch', quantization, ...numbers }
}

const invalid = (message: string, value: unknown) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message,
    value,
    remedy: 'Give whole numbers from 1 (connectivity from 2), and f32, f16, bf16 or (cosine) i8.',
  })
