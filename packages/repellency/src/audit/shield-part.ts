import type { AuditResult, Finding } from '@assay/core'
import type { AuditPart } from '@assay/core/measures'
import { activeCurves } from './active-curves.js'
import { type BasePictures, basePictures } from './base-pictures.js'
import { comparisonFindings } from './comparison-findings.js'
import { referenceItems } from './reference-items.js'
import type { RepellencyInput } from './repellency-input.js'
import { shieldMeasures } from './shield-measures.js'
import { isCompared, liesInside, type ShieldRecord, shieldRecord } from './shield-record.js'

/** What the evidence of a shielded run says; nothing where the options name none. */
export function shieldPart(input: RepellencyInput): AuditPart {
  const record = shieldRecord(input)
  if (record === null) return { measures: [] }
  const base = basePictures(input, record)
  return {
    measures: shieldMeasures(record),
    curves: activeCurves(record),
    findings: [
      ...insideFindings(input, record),
      ...comparisonFindings(input.context, record, base),
    ],
    warnings: warningsOf(record, base),
    scores: new Map(
      record.pictures.flatMap(({ picture: { file, activeCalls, finishedDistance } }) =>
        file === null
          ? []
          : [[file, { shieldedCalls: activeCalls, shieldDistance: finishedDistance }]],
      ),
    ),
  }
}

/** Pictures that were given out although they lie inside a shield, nearest first. */
function insideFindings({ context }: RepellencyInput, { pictures }: ShieldRecord): Finding[] {
  const itemOf = referenceItems(context)
  return pictures
    .filter((each) => each.picture.outcome === 'image' && liesInside(each))
    .toSorted(
      ({ picture: one }, { picture: other }) =>
        (one.finishedDistance ?? 0) - (other.finishedDistance ?? 0),
    )
    .map(({ picture: { file, finishedDistance, finishedNearest, met, seed }, request }) => {
      const near = finishedNearest ? [finishedNearest] : met
      const shown = near.flatMap(({ reference }) => (reference && itemOf(reference)) ?? [])
      return {
        id: `inside-shield:${file}`,
        title: 'Lies inside a shield',
        severity: 'high' as const,
        items: [`outputs/${file}`, ...shown.slice(0, 1)],
        evidence: {
          prompt: request.prompt,
          seed,
          distance: finishedDistance,
          radius: request.radius,
          space: request.space,
        },
      }
    })
}

function warningsOf(
  { evidence, untold, absent }: ShieldRecord,
  { missing }: BasePictures,
): AuditResult['warnings'] {
  const unseen = evidence.requests.filter(
    (request) => request.pictures.length > 0 && !isCompared(request),
  ).length
  const warnings = [
    {
      code: 'OUTPUTS_WITHOUT_EVIDENCE',
      count: untold.length,
      message: `The evidence of the shield tells nothing of ${untold.length} outputs.`,
    },
    {
      code: 'EVIDENCE_WITHOUT_OUTPUTS',
      count: absent.length,
      message: `${absent.length} pictures that the evidence of the shield tells of are not among the outputs.`,
    },
    {
      code: 'OUTPUTS_WITHOUT_BASE',
      count: missing,
      message: `${missing} outputs of the shielded run are not among the pictures without the shield, or are others there.`,
    },
    {
      code: 'FINISHED_NOT_COMPARED',
      count: unseen,
      message: `In ${unseen} requests finished pictures were not compared with protected ones, for want of a space or of protected pictures: of them nothing is known but their predictions.`,
    },
  ]
  return warnings.filter(({ count }) => count > 0)
}
