import type { Audit } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { auditPartInput, joinAuditParts } from '@assay/core/measures'
import { memorisation } from './memorisation.js'
import { promptDiversity } from './prompt-diversity.js'
import { repellencyMeta } from './repellency-meta.js'
import { type RepellencyAuditOptions, repellencyOptionsSchema } from './repellency-options.js'
import { shieldPart } from './shield-part.js'

/** Whether outputs reproduce pictures, how different they are within a prompt, and whether a shield held. */
export const repellencyAudit: Audit<RepellencyAuditOptions> = {
  specificationVersion: 1,
  meta: repellencyMeta,
  needs: ['outputs'],
  parseOptions: (options) => parseOptions(repellencyOptionsSchema, options, repellencyMeta.id),
  files: ({ evidence }) => (evidence === undefined ? [] : [evidence]),
  pictureSets: ({ base, nearest }) => ({ ...(base && { base }), ...(nearest && { nearest }) }),
  async run(context, options) {
    const input = auditPartInput(context, options)
    const parts = [shieldPart(input), ...(await memorisation(input)), promptDiversity(input)]
    return joinAuditParts({ context, id: repellencyMeta.id }, parts)
  },
}
