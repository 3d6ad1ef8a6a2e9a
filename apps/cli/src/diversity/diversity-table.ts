import { type DiversityScore, diversityMeasures, type PromptValues } from '@assay/repellency/audit'
import { figure } from '../figure.js'
import { table } from '../table.js'

/** The scores on a screen, pooled beside within prompts, and what must be known to read them. */
export function diversityTable(
  scores: readonly DiversityScore[],
  prompts: readonly PromptValues[],
): string {
  const cell = (id: string, scope: DiversityScore['scope']) => {
    const score = scores.find((each) => each.id === id && each.scope === scope)
    return score === undefined ? ['', ''] : [figure(score), String(score.n)]
  }
  const rows = diversityMeasures.map(({ id, title }) => [
    `${title}${settings(scores.find((each) => each.id === id))}`,
    ...cell(id, 'pooled'),
    ...cell(id, 'within prompts'),
  ])
  const head = ['', 'pooled', 'n', 'mean over prompts', 'prompts']
  return `${table([head, ...rows])}\n${notes(scores, prompts).join('\n')}\n`
}

function settings(score: DiversityScore | undefined): string {
  if (score?.threshold != null) return `, cosine from ${score.threshold}`
  return score?.neighbours != null ? `, k = ${score.neighbours}` : ''
}

function notes(scores: readonly DiversityScore[], prompts: readonly PromptValues[]): string[] {
  const [first] = scores
  const level = scores.find(({ interval }) => interval !== null)?.interval?.level
  const reasons = scores
    .filter(({ value }) => value === null)
    .map(({ scope, reason }) => `– ${scope}: ${reason}`)
  const sizes = prompts.filter(({ pictures }) => pictures > 1).map(({ pictures }) => pictures)
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  return [
    `Seen by ${first?.encoder} (${first?.fingerprint.slice(0, 12)}): Vendi scores and near-duplicates by cosines, the rest by distances of unit`,
    'embeddings. Compare scores only with scores of the same encoder, settings and numbers of pictures.',
    ...(level === undefined ? [] : [`In brackets: ${100 * level} % intervals, by prompt.`]),
    ...(least < most
      ? [`Prompts have from ${least} to ${most} pictures; Vendi scores grow with that number.`]
      : []),
    ...new Set(reasons),
  ]
}
