import type { AuditResult } from '@assay/core'
import { clusteredShare } from '@assay/core/measures'
import { repellencyMeta } from './repellency-meta.js'
import type { ShieldRecord } from './shield-record.js'

/** How many pictures were in a shield at each model call; nothing where no call was looked at. */
export function activeCurve({ evidence, level }: ShieldRecord): NonNullable<AuditResult['curves']> {
  const byIndex = new Map<number, { outcomes: boolean[]; clusters: string[] }>()
  for (const { prompt, calls } of evidence.requests) {
    for (const { index, pictures, active } of calls) {
      const point = byIndex.get(index) ?? { outcomes: [], clusters: [] }
      byIndex.set(index, point)
      for (let picture = 0; picture < pictures; picture += 1) {
        point.outcomes.push(picture < active) // Which of them it was does not matter within a prompt.
        point.clusters.push(prompt)
      }
    }
  }
  if (byIndex.size === 0) return []
  const points = [...byIndex]
    .toSorted(([one], [other]) => one - other)
    .map(([at, point]) => ({
      at,
      measure: clusteredShare(repellencyMeta, { id: 'active', ...point, missing: 0, level }),
    }))
  const title = 'Pictures inside a shield, by model call'
  return [{ id: 'active', title, axis: 'model call, the noisiest first', points }]
}
