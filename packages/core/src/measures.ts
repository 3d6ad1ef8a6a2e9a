// Measures over the outputs of an audit, with intervals that treat pictures of one prompt as one cluster.

export {
  type AuditPart,
  type AuditPartInput,
  auditPartInput,
  joinAuditParts,
  uncalibratedReason,
} from './measures/audit-part.js'
export {
  type ClusteredMeasureOptions,
  clusteredMean,
  clusteredQuantileMeasure,
  clusteredShare,
} from './measures/clustered-measures.js'
export { type JackknifedMeasureOptions, jackknifedMeasure } from './measures/jackknifed-measure.js'
export { absentMeasure, type MeasureOptions, measureOf } from './measures/measure-of.js'
export { type LeftOutGroups, leaveGroupsOut, promptClusters } from './measures/prompt-clusters.js'
