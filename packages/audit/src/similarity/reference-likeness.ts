import type { AuditSet, Measure } from '@assay/core'
import {
  type AuditPart,
  absentMeasure,
  clusteredMean,
  clusteredShare,
  jackknifedMeasure,
  leaveGroupsOut,
} from '@assay/core/measures'
import {
  type PrecisionRecallResult,
  precisionRecallDensityCoverage,
  precisionRecallLeavingGroupsOut,
} from '@assay/metrics'
import type { SimilarityInput } from './similarity-input.js'
import { similarityMeta } from './similarity-meta.js'

const measureIds = ['precision', 'recall', 'density', 'coverage'] as const

/** Precision, recall, density and coverage of the outputs against the reference set. */
export function referenceLikeness(input: SimilarityInput): AuditPart {
  const { context, options, missing } = input
  const { outputs, reference } = context.inputs
  const absent = (reason: string) => ({
    measures: measureIds.map((id) => absentMeasure(similarityMeta, { id, missing, reason })),
  })
  if (reference === null) return absent('No reference set was given.')
  const fewest = Math.min(outputs.items.length, reference.items.length)
  if (fewest <= options.neighbours) {
    return absent(`Both sets need more than ${options.neighbours} pictures; one has ${fewest}.`)
  }
  const scores = precisionRecallDensityCoverage({
    reference: reference.embeddings,
    outputs: outputs.embeddings,
    neighbours: options.neighbours,
  })
  return {
    measures: [...outputMeasures(input, scores), ...referenceMeasures(input, reference, scores)],
    scores: new Map(
      outputs.items.map(({ id }, row) => [id, { precise: scores.byOutput.precision[row] ?? null }]),
    ),
  }
}

/** Precision and density are means over outputs; the reference set is taken as given. */
function outputMeasures(
  { clusters, missing, options: { level } }: SimilarityInput,
  { byOutput }: PrecisionRecallResult,
): Measure[] {
  const shared = { clusters, missing, level }
  return [
    clusteredShare(similarityMeta, {
      id: 'precision',
      outcomes: [...byOutput.precision].map((value) => value === 1),
      ...shared,
    }),
    clusteredMean(similarityMeta, {
      id: 'density',
      values: [...byOutput.density],
      range: [0, Infinity],
      ...shared,
    }),
  ]
}

/** Recall and coverage are figures of the whole set of outputs. */
function referenceMeasures(
  input: SimilarityInput,
  reference: AuditSet,
  scores: PrecisionRecallResult,
): Measure[] {
  const withoutGroups = scoresWithoutGroups(input, reference)
  return (['recall', 'coverage'] as const).map((id) =>
    jackknifedMeasure(similarityMeta, {
      id,
      estimate: scores[id],
      leaveOneOut: withoutGroups.map((each) => each[id]),
      n: reference.items.length,
      missing: reference.failures.length,
      level: input.options.level,
      range: [0, 1],
    }),
  )
}

function scoresWithoutGroups({ context, clusters, options }: SimilarityInput, reference: AuditSet) {
  const { neighbours } = options
  const random = context.random.fork('reference-likeness')
  const { kept, groups } = leaveGroupsOut(clusters, { most: options.groups, random })
  if (kept.some((rows) => rows.length <= neighbours)) return [] // Too few are left to have neighbours.
  const { outputs } = context.inputs
  return precisionRecallLeavingGroupsOut({
    reference: reference.embeddings,
    outputs: outputs.embeddings,
    neighbours,
    groups,
  })
}
