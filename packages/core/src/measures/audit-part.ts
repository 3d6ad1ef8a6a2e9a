import type { AuditContext, AuditResult } from '../contracts/audit.js'
import { promptClusters } from './prompt-clusters.js'

/** What every part of an audit over outputs is given. */
export interface AuditPartInput<Options> {
  readonly context: AuditContext
  readonly options: Options
  /** Cluster of each output: its prompt, or itself where it has none. */
  readonly clusters: readonly string[]
  /** Outputs that have no embedding. */
  readonly missing: number
  /** Cosine from which two pictures are near-duplicates; null where nobody has calibrated one. */
  readonly threshold: number | null
}

/** What one part of an audit contributes. */
export interface AuditPart {
  readonly measures: AuditResult['measures']
  readonly curves?: NonNullable<AuditResult['curves']>
  readonly findings?: AuditResult['findings']
  readonly warnings?: AuditResult['warnings']
  /** Scores of outputs, by output id. */
  readonly scores?: ReadonlyMap<string, Readonly<Record<string, number | string | null>>>
}

/** Why near-duplicates cannot be told where `threshold` is null. */
export const uncalibratedReason =
  "The encoder's card has no near-duplicate threshold, and the options name none."

/** What the parts of an audit are given; a threshold of the options comes before the encoder's. */
export function auditPartInput<
  Options extends { readonly nearDuplicateThreshold?: number | null | undefined },
>(context: AuditContext, options: Options): AuditPartInput<Options> {
  const { items, failures } = context.inputs.outputs
  return {
    context,
    options,
    clusters: promptClusters(items),
    missing: failures.length,
    threshold: options.nearDuplicateThreshold ?? context.nearDuplicateThreshold,
  }
}

/** The parts of an audit as one result, in their order; what is only information comes after all findings. */
export function joinAuditParts(
  { context, id }: { readonly context: AuditContext; readonly id: string },
  parts: readonly AuditPart[],
): AuditResult {
  const curves = parts.flatMap((part) => part.curves ?? [])
  const findings = parts.flatMap((part) => part.findings ?? [])
  const isInformation = ({ severity }: (typeof findings)[number]) =>
    Number(severity === 'information')
  return {
    id,
    status: 'informative', // Nothing is gated yet, so nothing has passed or failed.
    measures: parts.flatMap(({ measures }) => measures),
    ...(curves.length > 0 && { curves }),
    findings: findings.toSorted((one, other) => isInformation(one) - isInformation(other)),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
    items: context.inputs.outputs.items.map((item) => ({
      id: item.id,
      scores: Object.assign({}, ...parts.map(({ scores }) => scores?.get(item.id))),
    })),
  }
}
