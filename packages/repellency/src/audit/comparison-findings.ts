import type { AuditContext, Finding } from '@assay/core'
import type { NearestReference } from '../evidence/shield-evidence.js'
import type { BasePictures } from './base-pictures.js'
import { referenceItems } from './reference-items.js'
import { promptAndSeed, type ShieldComparison, shieldComparisons } from './shield-comparisons.js'
import type { ShieldRecord } from './shield-record.js'

const titles = {
  protect: 'Kept away from a protected picture',
  diversify: 'Kept apart from others of its prompt',
} as const

/** A picture of a finding, and what it is. */
type Shown = readonly [item: string, caption: string]

/** What the shield made of pictures, beside those without it and the protected ones that are nearest. */
export function comparisonFindings(
  context: AuditContext,
  { evidence }: ShieldRecord,
  { files }: BasePictures,
): Finding[] {
  const itemOf = referenceItems(context)
  return shieldComparisons(evidence).map((comparison) => {
    const { picture, request, base } = comparison
    const { prompt, radius } = request
    const baseFile = files.get(promptAndSeed({ prompt, seed: picture.seed }))
    const [before, after] = [base, picture].map((each) => each?.finishedNearest)
    const shown: Shown[] = [
      ...(baseFile === undefined
        ? []
        : [[`base/${baseFile}`, `without the shield${inRadii(before, radius)}`] as const]),
      [`outputs/${picture.file}`, `with the shield${inRadii(after, radius)}`],
      ...nearestShown({ picture, base: baseFile === undefined ? null : base }).flatMap(
        ([name, caption]) => {
          const item = itemOf(name)
          return item === null ? [] : [[item, caption] as const]
        },
      ),
    ]
    return {
      id: `shielded:${picture.file}`,
      title: picture.activeCalls > 0 ? titles[request.preset] : 'Met no shield',
      severity: 'information' as const,
      items: shown.map(([item]) => item),
      captions: shown.map(([, caption]) => caption),
      evidence: figures(comparison),
    }
  })
}

/** Says where it is inside as well: what is rounded to 1.00 may lie on either side. */
function inRadii(nearest: NearestReference | undefined, radius: number): string {
  if (nearest === undefined) return ''
  const side = nearest.distance < radius ? ', inside' : ''
  return `: ${(nearest.distance / radius).toFixed(2)} radii${side}`
}

/** The protected pictures that are nearest to the one without and with the shield, each once. */
function nearestShown({
  picture,
  base,
}: Pick<ShieldComparison, 'picture' | 'base'>): (readonly [name: string, caption: string])[] {
  const before = base?.finishedNearest?.reference ?? null
  const after = picture.finishedNearest?.reference ?? null
  const predicted = picture.met[0]?.reference ?? null
  if (before === null || before === after) {
    if (after !== null) return [[after, 'nearest protected picture']]
    return predicted === null ? [] : [[predicted, 'nearest to a prediction']]
  }
  const first = [before, 'nearest without the shield'] as const
  return after === null ? [first] : [first, [after, 'nearest with the shield']]
}

/** How near it was before and after: finished, or else as it was predicted. */
function figures({ picture, request, base }: ShieldComparison): Finding['evidence'] {
  const { finishedNearest: after, nearest: predicted, nearestAfter: corrected } = picture
  const before = base?.finishedNearest
  return {
    prompt: request.prompt,
    seed: picture.seed,
    radius: request.radius,
    ...(before && { baseDistance: before.distance, baseNearest: before.reference }),
    ...(after ? { distance: after.distance, nearest: after.reference } : { predicted, corrected }),
  }
}
