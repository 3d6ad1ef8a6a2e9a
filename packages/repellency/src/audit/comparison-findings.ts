import type { AuditContext, Finding } from '@assay/core'
import type { NearestReference } from '../evidence/shield-evidence.js'
import type { BasePictures } from './base-pictures.js'
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
      ...nearestShown(comparison).flatMap(([name, caption]) => {
        const item = itemOf(name)
        return item === null ? [] : [[item, caption] as const]
      }),
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

const inRadii = (nearest: NearestReference | undefined, radius: number): string =>
  nearest === undefined ? '' : `: ${(nearest.distance / radius).toFixed(2)} radii`

/** The protected pictures that are nearest to the one without and with the shield, each once. */
function nearestShown({ picture, base }: ShieldComparison): (readonly [string, string])[] {
  const before = base?.finishedNearest?.reference ?? null
  const after = picture.finishedNearest?.reference ?? picture.met[0]?.reference ?? null
  if (before === null || before === after) {
    return after === null ? [] : [[after, 'nearest protected picture']]
  }
  const first = [before, 'nearest without the shield'] as const
  return after === null ? [first] : [first, [after, 'nearest with the shield']]
}

/** Finds a protected picture by its name: in the set of protected pictures, or among those kept to be shown. */
function referenceItems({ inputs, pictureSets }: AuditContext): (name: string) => string | null {
  const kept = pictureSets.get('nearest') ?? []
  const items = new Map<unknown, string>([
    ...kept.map(({ id, metadata }) => [metadata['reference'], `nearest/${id}`] as const),
    ...(inputs.protected?.items ?? []).map(({ id }) => [id, `protected/${id}`] as const),
  ])
  return (name) => items.get(name) ?? null
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
