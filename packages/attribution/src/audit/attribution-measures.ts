import type { AuditContext, Measure } from '@assay/core'
import { absentMeasure, clusteredMean, clusteredShare, measureOf } from '@assay/core/measures'
import type { Attribution, AttributionReport } from '../attribute/attribution.js'
import { groupCredit } from '../groups/group-credit.js'
import { attributionMeta } from './attribution-meta.js'
import type { AttributionOptions } from './attribution-options.js'

/** What the measures of the audit are made from. */
export interface AttributionInput {
  readonly context: AuditContext
  readonly options: AttributionOptions
  readonly report: AttributionReport
  /** Cluster of each output: its prompt, or itself where it has none. */
  readonly clusters: readonly string[]
}

interface JudgedOutputs {
  readonly outputs: readonly Attribution[]
  readonly clustered: {
    readonly clusters: readonly string[]
    readonly missing: number
    readonly level: number
  }
}

/** The measures of the audit; those of influence are null without a calibration. */
export function attributionMeasures(
  input: AttributionInput & {
    /** Outputs without an embedding. */
    readonly missing: number
  },
): readonly Measure[] {
  const { report, clusters, options } = input
  const judged = [...report.attributions.entries()].filter(([, { failure }]) => failure === null)
  const parts: JudgedOutputs = {
    outputs: judged.map(([, attribution]) => attribution),
    clustered: {
      clusters: judged.map(([row, { query }]) => clusters[row] ?? query),
      missing: input.missing + report.attributions.length - judged.length,
      level: options.level,
    },
  }
  const isCalibrated = options.calibration !== undefined
  return [
    ...(isCalibrated ? influenceMeasures(parts, input) : absentMeasures(parts)),
    clusteredMean(attributionMeta, {
      id: 'top-score',
      values: parts.outputs.map(({ matches: [first] }) => first?.score ?? 0),
      range: [-1, 1],
      ...parts.clustered,
    }),
    ...(isCalibrated && options.groupBy !== undefined ? creditMeasures(input) : []),
  ]
}

function influenceMeasures(parts: JudgedOutputs, { report, options }: AttributionInput): Measure[] {
  const top = parts.outputs.map(({ matches: [first] }) => first?.influence ?? 0)
  return [
    clusteredShare(attributionMeta, {
      id: 'dominated',
      outcomes: top.map((influence) => influence >= options.dominant),
      ...parts.clustered,
    }),
    clusteredMean(attributionMeta, {
      id: 'top-influence',
      values: top,
      range: [0, 1],
      ...parts.clustered,
    }),
    clusteredMean(attributionMeta, {
      id: 'support',
      values: parts.outputs.map(({ support }) => support ?? 0),
      range: [1, report.poolSize],
      ...parts.clustered,
    }),
  ]
}

const absentMeasures = ({ clustered, outputs }: JudgedOutputs): Measure[] =>
  ['dominated', 'top-influence', 'support'].map((id) =>
    absentMeasure(attributionMeta, {
      id,
      missing: clustered.missing + outputs.length,
      reason: 'The options name no calibration, without which likeness is not influence.',
    }),
  )

function creditMeasures({ report, options, clusters, context }: AttributionInput): Measure[] {
  const { credits } = groupCredit({
    attributions: report.attributions,
    clusters,
    most: options.groups,
    level: options.level,
    random: context.random,
  })
  return credits.map(({ group, credit }) =>
    measureOf(attributionMeta, { ...credit, group: group ?? '(no label)' }),
  )
}
