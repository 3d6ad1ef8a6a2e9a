import type { AuditResult } from '@assay/core'
import { clusteredShare } from '@assay/core/measures'
import type { EvidencedRequest } from '../evidence/shield-evidence.js'
import { repellencyMeta } from './repellency-meta.js'
import type { ShieldRecord } from './shield-record.js'

const titles = {
  protect: 'Pictures in a shield of a protected one, by model call',
  diversify: 'Pictures too near to others of their prompt, by model call',
} as const

/** How many pictures were in a shield at each model call, a curve for each kind of shield that was looked at. */
export function activeCurves({
  evidence,
  level,
}: ShieldRecord): NonNullable<AuditResult['curves']> {
  return (['protect', 'diversify'] as const).flatMap((preset) => {
    const requests = evidence.requests.filter((request) => request.preset === preset)
    const calls = [...outcomesByCall(requests)].toSorted(([one], [other]) => one - other)
    const points = calls.map(([at, { outcomes, clusters }]) => ({
      at,
      measure: clusteredShare(repellencyMeta, {
        ...{ id: 'active', outcomes, clusters, missing: 0, level },
      }),
    }))
    const axis = 'model call, the noisiest first'
    return points.length === 0
      ? []
      : [{ id: `active-${preset}`, title: titles[preset], axis, points }]
  })
}

/** Whether each picture was in a shield, by the index of the model call. */
function outcomesByCall(requests: readonly EvidencedRequest[]) {
  const byCall = new Map<number, { outcomes: boolean[]; clusters: string[] }>()
  for (const { prompt, calls } of requests) {
    for (const { index, pictures, active } of calls) {
      const call = byCall.get(index) ?? { outcomes: [], clusters: [] }
      byCall.set(index, call)
      for (let picture = 0; picture < pictures; picture += 1) {
        call.outcomes.push(picture < active) // Which of them it was does not matter within a prompt.
        call.clusters.push(prompt)
      }
    }
  }
  return byCall
}
