import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FeatureSource, TunedModel } from '@assay/attribution'
import { openFeatures, readTunedModels } from '@assay/attribution/node'
import type { CommandSession } from '../command-session.js'
import { embedMosaic } from './embed-mosaics.js'
import { type ExemplarSet, modelsOf, partOfSplit } from './exemplar-set.js'

/** Models of an exemplar set, and the pictures that they drew. */
export interface ExemplarTest {
  readonly models: readonly TunedModel[]
  readonly queries: FeatureSource
}

/**
 * The models of all splits whose names begin so. A split whose pictures lie in a file of their own, as
 * AbC-mini's `test_tuned`, is of models of another kind: it is asked for by its whole name, alone.
 *
 * @throws AssayError what reading it throws
 */
export async function openTest(
  set: ExemplarSet,
  beginning: string,
  session: CommandSession,
): Promise<ExemplarTest> {
  const { folder, encoder, embedded } = set
  const part = partOfSplit(folder, beginning)
  const split = join(folder, 'splits', `${beginning}.json`)
  if (part === 'synth' || !existsSync(split)) {
    return { models: modelsOf(set, beginning), queries: set.synth }
  }
  const queries =
    embedded && encoder !== null
      ? await embedMosaic(folder, { part, encoder }, session)
      : session.use(await openFeatures(join(folder, `${part}.safetensors`)))
  return { models: await readTunedModels(split), queries }
}
