import type { Audit, AuditContext, AuditResult } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { promptClusters } from '@assay/core/measures'
import { internalDuplicates } from './internal-duplicates.js'
import { outputDiversity } from './output-diversity.js'
import { promptAlignment } from './prompt-alignment.js'
import { protectedCopies } from './protected-copies.js'
import { referenceLikeness } from './reference-likeness.js'
import { similarityMeta } from './similarity-meta.js'
import { type SimilarityOptions, similarityOptionsSchema } from './similarity-options.js'
import type { SimilarityInput, SimilarityPart } from './similarity-part.js'

/**
 * The method-free audit: how outputs relate to protected pictures, to each other, to a reference set
 * and to their prompts, from embeddings alone.
 */
export const similarityAudit: Audit<SimilarityOptions> = {
  specificationVersion: 1,
  meta: similarityMeta,
  needs: ['outputs'],
  parseOptions: (options) => parseOptions(similarityOptionsSchema, options, similarityMeta.id),
  async run(context, options) {
    const input = similarityInput(context, options)
    return similarityResult(input, [
      await protectedCopies(input),
      await internalDuplicates(input),
      outputDiversity(input),
      referenceLikeness(input),
      promptAlignment(input),
    ])
  },
}

function similarityInput(context: AuditContext, options: SimilarityOptions): SimilarityInput {
  const { items, failures } = context.inputs.outputs
  return {
    context,
    options,
    clusters: promptClusters(items),
    missing: failures.length,
    threshold: options.nearDuplicateThreshold ?? context.nearDuplicateThreshold,
  }
}

function similarityResult(
  { context }: SimilarityInput,
  parts: readonly SimilarityPart[],
): AuditResult {
  return {
    id: similarityMeta.id,
    status: 'informative', // Nothing is gated yet, so nothing has passed or failed.
    measures: parts.flatMap(({ measures }) => measures),
    findings: parts.flatMap(({ findings = [] }) => findings),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
    items: context.inputs.outputs.items.map(({ id }) => ({
      id,
      scores: Object.assign({}, ...parts.map(({ scores }) => scores?.get(id))),
    })),
  }
}
