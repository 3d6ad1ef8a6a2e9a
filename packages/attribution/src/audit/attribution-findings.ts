import type { Finding } from '@assay/core'
import type { Attribution } from '../attribute/attribution.js'
import type { AttributionInput } from './attribution-measures.js'

/**
 * Outputs that single training pictures dominate, most alike first. They inform and accuse nobody:
 * influence is relative to the other training pictures, so that something is nearest to every output.
 */
export function attributionFindings({ context, options, report }: AttributionInput): Finding[] {
  const prompts = new Map(context.inputs.outputs.items.map(({ id, prompt }) => [id, prompt]))
  return report.attributions
    .filter((attribution) => topInfluence(attribution) >= options.dominant)
    .sort((one, other) => topScore(other) - topScore(one))
    .map(({ query, matches, support, remainingInfluence }) => ({
      id: `dominated:${query}`,
      title: 'One training picture has most of the influence',
      severity: 'information' as const,
      items: [`outputs/${query}`, ...shown(matches).map(({ id }) => `training/${id}`)],
      evidence: {
        prompt: prompts.get(query) ?? null,
        influences: matches.map(({ influence }) => percent(influence)).join(', '),
        remaining: percent(remainingInfluence),
        score: matches[0]?.score ?? null,
        support,
      },
    }))
}

/** Training pictures that a finding shows, most influence first. */
const SHOWN = 3

const shown = (matches: Attribution['matches']) =>
  matches.slice(0, SHOWN).filter(({ influence }) => (influence ?? 0) > 0)

const topInfluence = ({ matches: [first] }: Attribution): number => first?.influence ?? 0

const topScore = ({ matches: [first] }: Attribution): number => first?.score ?? -1

const percent = (share: number | null): string | null =>
  share === null ? null : `${(100 * share).toFixed(1)} %`
