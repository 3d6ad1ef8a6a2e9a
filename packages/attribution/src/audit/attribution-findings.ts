import type { Finding } from '@assay/core'
import type { Attribution } from '../attribute/attribution.js'
import type { AttributionInput } from './attribution-measures.js'

/** Outputs that single training pictures dominate, most dominated first. */
export function attributionFindings({ context, options, report }: AttributionInput): Finding[] {
  const prompts = new Map(context.inputs.outputs.items.map(({ id, prompt }) => [id, prompt]))
  return report.attributions
    .filter((attribution) => topInfluence(attribution) >= options.dominant)
    .sort((one, other) => topInfluence(other) - topInfluence(one))
    .map(({ query, matches, support, remainingInfluence }) => ({
      id: `dominated:${query}`,
      title: 'Made from one training picture, by its influence',
      severity: 'medium',
      items: [`outputs/${query}`, ...matches.slice(0, 1).map(({ id }) => `training/${id}`)],
      evidence: {
        prompt: prompts.get(query) ?? null,
        matches: matches.map(({ id, score, influence, group }) => ({
          id,
          score,
          influence,
          group,
        })),
        remainingInfluence,
        support,
      },
    }))
}

const topInfluence = ({ matches: [first] }: Attribution): number => first?.influence ?? 0
