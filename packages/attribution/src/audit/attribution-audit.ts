import type { Audit, AuditContext, AuditResult } from '@assay/core'
import { parseJson, parseOptions } from '@assay/core/formats'
import { promptClusters } from '@assay/core/measures'
import { attribute } from '../attribute/attribute.js'
import type { AttributionReport } from '../attribute/attribution.js'
import { parseHead } from '../node/head/parse-head.js'
import { parseCalibration } from '../node/parse-calibration.js'
import { attributionFindings } from './attribution-findings.js'
import { attributionMeasures } from './attribution-measures.js'
import { attributionMeta } from './attribution-meta.js'
import { type AttributionOptions, attributionOptionsSchema } from './attribution-options.js'
import { mappedTraining } from './mapped-training.js'

/** Which training pictures the outputs are made from, and whose they are. */
export const attributionAudit: Audit<AttributionOptions> = {
  specificationVersion: 1,
  meta: attributionMeta,
  needs: ['outputs', 'training-set'],
  parseOptions: (options) => parseOptions(attributionOptionsSchema, options, attributionMeta.id),
  files: ({ head, calibration }) => [head, calibration].filter((path) => path !== undefined),
  async run(context, options) {
    const report = await attributeOutputs(context, options)
    const { items, failures } = context.inputs.outputs
    const input = { context, options, report, clusters: promptClusters(items) }
    return {
      id: attributionMeta.id,
      status: 'informative', // Nothing is gated yet, so nothing has passed or failed.
      measures: attributionMeasures({ ...input, missing: failures.length }),
      findings: attributionFindings(input),
      warnings: report.warnings,
      items: itemScores(report),
    }
  },
}

async function attributeOutputs(
  context: AuditContext,
  options: AttributionOptions,
): Promise<AttributionReport> {
  const { outputs, training } = context.inputs
  const head = await headOf(context, options)
  const { vectors, labels } = mappedTraining(training, { head, groupBy: options.groupBy })
  const index = await context.createIndex(vectors, 'cosine')
  try {
    return await attribute({
      queries: outputs.embeddings,
      pool: index,
      head,
      calibration: calibrationOf(context, options),
      k: options.matches,
      ...(labels && { labels }),
      progress: context.progress,
      signal: context.signal,
    })
  } finally {
    await index.close()
  }
}

async function headOf({ files }: AuditContext, { head }: AttributionOptions) {
  const bytes = head === undefined ? undefined : files.get(head)
  return head === undefined || bytes === undefined ? null : parseHead(bytes, { file: head })
}

function calibrationOf({ files }: AuditContext, { calibration }: AttributionOptions) {
  const bytes = calibration === undefined ? undefined : files.get(calibration)
  if (calibration === undefined || bytes === undefined) return null
  const text = new TextDecoder().decode(bytes)
  return parseCalibration(parseJson(text, { file: calibration }), calibration)
}

/** For each output its first match, and how much it and all others account for. */
const itemScores = ({ attributions }: AttributionReport): AuditResult['items'] =>
  attributions.map(({ query, matches: [first], support }) => ({
    id: query,
    scores: {
      match: first?.id ?? null,
      matchScore: first?.score ?? null,
      matchInfluence: first?.influence ?? null,
      support,
    },
  }))
