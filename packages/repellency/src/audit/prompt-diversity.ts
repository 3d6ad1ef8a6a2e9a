import { type AuditResult, type Matrix, type Measure, selectRows } from '@assay/core'
import { absentMeasure, clusteredMean, clusteredShare } from '@assay/core/measures'
import { nearDuplicatePairs, precisionRecallDensityCoverage, vendiScore } from '@assay/metrics'
import { repellencyMeta } from './repellency-meta.js'
import { type RepellencyInput, type RepellencyPart, uncalibrated } from './repellency-part.js'

/** How different the outputs of one prompt are, averaged over prompts. */
export function promptDiversity(input: RepellencyInput): RepellencyPart {
  const prompts = rowsByPrompt(input.context.inputs.outputs.items)
  const several = [...prompts].filter(([, rows]) => rows.length > 1)
  return {
    measures: [
      promptVendi(input, several, prompts.size),
      promptRepeats(input, several),
      ...promptLikeness(input, prompts),
    ],
    warnings: unequalPrompts(several),
  }
}

type PromptRows = readonly [prompt: string, rows: readonly number[]]

function rowsByPrompt(
  items: readonly { readonly prompt: string | null }[],
): ReadonlyMap<string, readonly number[]> {
  const prompts = new Map<string, number[]>()
  for (const [row, { prompt }] of items.entries()) {
    if (prompt === null) continue
    const rows = prompts.get(prompt)
    if (rows) rows.push(row)
    else prompts.set(prompt, [row])
  }
  return prompts
}

const noPrompts = 'No prompt has two pictures.'

function promptVendi(
  { context, options }: RepellencyInput,
  several: readonly PromptRows[],
  prompts: number,
): Measure {
  const missing = prompts - several.length
  const id = 'prompt-vendi'
  if (several.length === 0) return absentMeasure(repellencyMeta, { id, missing, reason: noPrompts })
  const { embeddings } = context.inputs.outputs
  return clusteredMean(repellencyMeta, {
    id,
    values: several.map(([, rows]) => vendiScore(selectRows(embeddings, rows))),
    clusters: several.map(([prompt]) => prompt),
    range: [1, Math.max(...several.map(([, rows]) => rows.length))],
    missing,
    level: options.level,
  })
}

function promptRepeats(
  { context, options, missing, threshold }: RepellencyInput,
  several: readonly PromptRows[],
): Measure {
  const { embeddings, items } = context.inputs.outputs
  const n = several.reduce((sum, [, rows]) => sum + rows.length, 0)
  const shared = { id: 'prompt-repeats', missing: missing + items.length - n }
  if (threshold === null || n === 0) {
    const reason = threshold === null ? uncalibrated : noPrompts
    return absentMeasure(repellencyMeta, { ...shared, reason })
  }
  const outcomes = several.flatMap(([, rows]) => repeats(selectRows(embeddings, rows), threshold))
  const clusters = several.flatMap(([prompt, rows]) => rows.map(() => prompt))
  return clusteredShare(repellencyMeta, { ...shared, outcomes, clusters, level: options.level })
}

/** Whether each row has a near-duplicate among the others. */
function repeats(embeddings: Matrix, threshold: number): readonly boolean[] {
  const pairs = nearDuplicatePairs(embeddings, { threshold })
  const repeated = new Set(pairs.flatMap(({ row, other }) => [row, other]))
  return Array.from({ length: embeddings.rows }, (_, row) => repeated.has(row))
}

const likenessRanges = {
  precision: [0, 1],
  recall: [0, 1],
  density: [0, Number.POSITIVE_INFINITY],
  coverage: [0, 1],
} as const

/** As in the paper: of each prompt against the reference pictures of the same prompt, then averaged. */
function promptLikeness(
  { context, options: { neighbours, level } }: RepellencyInput,
  prompts: ReadonlyMap<string, readonly number[]>,
): Measure[] {
  const { outputs, reference } = context.inputs
  const references = rowsByPrompt(reference?.items ?? [])
  const scored = [...prompts].flatMap(([prompt, rows]) => {
    const others = references.get(prompt) ?? []
    if (reference === null || Math.min(rows.length, others.length) <= neighbours) return []
    const scores = precisionRecallDensityCoverage({
      outputs: selectRows(outputs.embeddings, rows),
      reference: selectRows(reference.embeddings, others),
      neighbours,
    })
    return [{ prompt, scores }]
  })
  const missing = prompts.size - scored.length
  const reason =
    reference === null
      ? 'No reference set was given.'
      : `No prompt has more than ${neighbours} outputs and more than ${neighbours} reference pictures.`
  return (['precision', 'recall', 'density', 'coverage'] as const).map((score) => {
    const shared = { id: `prompt-${score}`, missing }
    if (scored.length === 0) return absentMeasure(repellencyMeta, { ...shared, reason })
    return clusteredMean(repellencyMeta, {
      ...shared,
      values: scored.map(({ scores }) => scores[score]),
      clusters: scored.map(({ prompt }) => prompt),
      range: likenessRanges[score],
      level,
    })
  })
}

/** The effective number of pictures grows with their number, so that unequal prompts make a mean of unlike things. */
function unequalPrompts(several: readonly PromptRows[]): AuditResult['warnings'] {
  const sizes = several.map(([, rows]) => rows.length)
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  if (sizes.length === 0 || least === most) return []
  const message = `Prompts have from ${least} to ${most} pictures: compare Vendi scores by prompt only with sets of the same numbers.`
  return [{ code: 'UNEQUAL_PROMPTS', count: several.length, message }]
}
