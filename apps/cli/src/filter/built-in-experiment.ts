import { resolve } from 'node:path'
import type { ConceptPreset } from '@assay/concept-filter'
import { type FilterExperiment, readFilterExperiment } from '@assay/concept-filter/node'
import { conceptFilter } from '@assay/tiny-world'

/** An experiment in a folder. Default: the built-in one. */
export const openExperiment = (folder = conceptFilter): Promise<FilterExperiment> =>
  readFilterExperiment(resolve(folder))

/** The pairs of the built-in experiment, harmless ones that the built-in generators draw. */
export async function builtInPairs(): Promise<readonly ConceptPreset[]> {
  const { pairs } = await openExperiment()
  return pairs
}
