import type { Audit, AuditContext, AuditResult, Finding } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { promptClusters } from '@assay/core/measures'
import { memorisation } from './memorisation.js'
import { promptDiversity } from './prompt-diversity.js'
import { repellencyMeta } from './repellency-meta.js'
import { type RepellencyAuditOptions, repellencyOptionsSchema } from './repellency-options.js'
import type { RepellencyInput, RepellencyPart } from './repellency-part.js'
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
    const input = repellencyInput(context, options)
    const parts = [shieldPart(input), ...(await memorisation(input)), promptDiversity(input)]
    return repellencyResult(input, parts)
  },
}

function repellencyInput(context: AuditContext, options: RepellencyAuditOptions): RepellencyInput {
  const { items, failures } = context.inputs.outputs
  return {
    context,
    options,
    clusters: promptClusters(items),
    missing: failures.length,
    threshold: options.nearDuplicateThreshold ?? context.nearDuplicateThreshold,
  }
}

function repellencyResult(
  { context }: RepellencyInput,
  parts: readonly RepellencyPart[],
): AuditResult {
  return {
    id: repellencyMeta.id,
    status: 'informative', // Nothing is gated yet, so nothing has passed or failed.
    measures: parts.flatMap(({ measures }) => measures),
    curves: parts.flatMap(({ curves = [] }) => curves),
    // Worst first: what a shield did is no fault.
    findings: parts
      .flatMap(({ findings = [] }) => findings)
      .toSorted((one, other) => Number(isInformation(one)) - Number(isInformation(other))),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
    items: context.inputs.outputs.items.map(({ id }) => ({
      id,
      scores: Object.assign({}, ...parts.map(({ scores }) => scores?.get(id))),
    })),
  }
}

const isInformation = ({ severity }: Finding): boolean => severity === 'information'
