import type { Finding } from '@assay/core'
import type { ComparedSet } from './memorisation.js'
import type { NearestPicture } from './nearest-pictures.js'
import type { RepellencyInput } from './repellency-input.js'

const titles = { protected: 'A protected picture', training: 'A training picture' } as const

/** Pictures of a set that outputs reproduce, each with its outputs; the most alike first. */
export function reproducedFindings(
  { threshold, context }: RepellencyInput,
  { name, set, nearest }: ComparedSet,
): Finding[] {
  if (threshold === null) return []
  const outputs = context.inputs.outputs.items
  const copies = groupByPicture(nearest, threshold)
  return [...copies]
    .map(([picture, found]) => ({
      id: set.items[picture]?.id ?? String(picture),
      found: found.toSorted((one, other) => other.cosine - one.cosine),
    }))
    .toSorted((one, other) => likeness(other) - likeness(one))
    .map(({ id, found }) => ({
      id: `reproduced:${name}:${id}`,
      title: `${titles[name]}, reproduced ${found.length === 1 ? 'once' : `${found.length} times`}`,
      severity: 'high' as const,
      items: [`${name}/${id}`, ...found.map(({ output }) => `outputs/${outputs[output]?.id}`)],
      evidence: {
        outputs: found.length,
        prompts: new Set(found.map(({ output }) => outputs[output]?.prompt ?? output)).size,
        prompt: outputs[found[0]?.output ?? 0]?.prompt ?? null,
        cosine: found[0]?.cosine ?? null,
        threshold,
        neighbourCosine: found[0]?.neighbourCosine ?? null,
      },
    }))
}

const likeness = ({ found }: { readonly found: readonly NearestPicture[] }): number =>
  found[0]?.cosine ?? -1

function groupByPicture(
  nearest: readonly NearestPicture[],
  threshold: number,
): ReadonlyMap<number, readonly NearestPicture[]> {
  const groups = new Map<number, NearestPicture[]>()
  for (const each of nearest) {
    if (each.cosine < threshold) continue
    const group = groups.get(each.picture)
    if (group) group.push(each)
    else groups.set(each.picture, [each])
  }
  return groups
}
