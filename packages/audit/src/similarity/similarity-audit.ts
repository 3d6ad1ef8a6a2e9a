import type { Audit } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { auditPartInput, joinAuditParts } from '@assay/core/measures'
import { internalDuplicates } from './internal-duplicates.js'
import { outputDiversity } from './output-diversity.js'
import { promptAlignment } from './prompt-alignment.js'
import { protectedCopies } from './protected-copies.js'
import { referenceLikeness } from './reference-likeness.js'
import { similarityMeta } from './similarity-meta.js'
import { type SimilarityOptions, similarityOptionsSchema } from './similarity-options.js'

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
    const input = auditPartInput(context, options)
    return joinAuditParts({ context, id: similarityMeta.id }, [
      await protectedCopies(input),
      await internalDuplicates(input),
      outputDiversity(input),
      referenceLikeness(input),
      promptAlignment(input),
    ])
  },
}
