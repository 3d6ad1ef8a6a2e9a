import { collectFeatures, type FeatureSource, featuresFromMatrix } from '@assay/attribution'
import { normalizeRows } from '@assay/core/linear-algebra'

/** The same features with every row brought to unit length, in memory. */
export async function unitFeatures(
  source: FeatureSource,
  options: { readonly signal: AbortSignal },
): Promise<FeatureSource> {
  if (source.normalized) return source
  const matrix = normalizeRows(await collectFeatures(source, options))
  return featuresFromMatrix(matrix, { groups: source.groups })
}
