import { rename, rm, stat } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import type { UsearchSettings } from '../host/library-protocol.js'
import { descriptionPath, writeDescription } from './index-description.js'
import { LibraryIndex, type LibraryIndexParts } from './library-index.js'
import type { UsearchIndex } from './usearch-index.js'

/** What a usearch index consists of. */
export interface UsearchIndexParts extends Omit<LibraryIndexParts, 'name'> {
  readonly settings: UsearchSettings
}

/** The caller's end of a usearch index. */
export class UsearchLibraryIndex extends LibraryIndex implements UsearchIndex {
  readonly #parts: UsearchIndexParts

  constructor(parts: UsearchIndexParts) {
    super({ ...parts, name: `usearch ${parts.settings.quantization}` })
    this.#parts = parts
  }

  async save(path: string): Promise<void> {
    const { library, metric, settings } = this.#parts
    const { size: rows, dimensions: columns, fingerprint, recall } = this
    const vectors = await library.ask('digest', null)
    const unfinished = `${path}.unfinished`
    try {
      await library.ask('save', { path: unfinished })
      const { size: bytes } = await stat(unfinished)
      // Never a description beside a graph that it does not describe.
      await rm(descriptionPath(path), { force: true })
      await rename(unfinished, path)
      const made = { metric, rows, columns, fingerprint, vectors, bytes, settings, recall }
      await writeDescription(path, made)
    } catch (error) {
      throw AssayError.isInstance(error) ? error : writeFailed(path, error)
    } finally {
      await rm(unfinished, { force: true })
    }
  }
}

const writeFailed = (path: string, cause: unknown) =>
  new AssayError({
    code: 'FILE_WRITE_FAILED',
    message: `The index cannot be written to ${path}.`,
    value: path,
    remedy: 'Check that the folder exists, may be written to, and has room.',
    location: { file: path },
    cause,
  })
