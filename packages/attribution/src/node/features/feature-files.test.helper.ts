import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { FeatureBlock, FeatureSource } from '../../features/feature-source.js'
import { type OpenFeaturesOptions, openFeatures } from './open-features.js'

export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64')

/** A folder of its own for every test; returns how to name a file in it, and how to write one. */
export function temporaryFiles() {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(realpathSync(tmpdir()), 'assay-attribution-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const path = (...names: string[]) => join(folder, ...names)
  const written = (name: string, content: string | Uint8Array): string => {
    mkdirSync(dirname(path(name)), { recursive: true })
    writeFileSync(path(name), content)
    return path(name)
  }
  return { path, written }
}

/** All blocks of a source. */
export async function blocksOf(source: FeatureSource, rows = 2): Promise<FeatureBlock[]> {
  const blocks: FeatureBlock[] = []
  for await (const block of source.blocks({ rows })) blocks.push(block)
  return blocks
}

export const valuesOf = (blocks: readonly FeatureBlock[]): number[] =>
  blocks.flatMap(({ matrix }) => [...matrix.data])

/** What opening and reading features ends with: the source and all its values, or an error. */
export async function outcomeOf(path: string, options?: OpenFeaturesOptions): Promise<unknown> {
  try {
    const source = await openFeatures(path, options)
    try {
      return { source, values: valuesOf(await blocksOf(source)) }
    } finally {
      await source.close()
    }
  } catch (error) {
    return error
  }
}
