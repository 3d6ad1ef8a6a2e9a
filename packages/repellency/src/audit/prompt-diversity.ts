import type { AuditResult, AuditSet, Measure } from '@assay/core'
import {
  type AuditPart,
  absentMeasure,
  clusteredMean,
  clusteredShare,
  uncalibratedReason,
} from '@assay/core/measures'
import type { DiversityId } from '../diversity/diversity-measures.js'
import { type PromptValues, promptValues } from '../diversity/prompt-values.js'
import type { RepellencyInput } from './repellency-input.js'
import { repellencyMeta } from './repellency-meta.js'

/** How different the outputs of one prompt are, averaged over prompts. */
export function promptDiversity(input: RepellencyInput): AuditPart {
  const { context, options, threshold } = input
  const { outputs, reference } = context.inputs
  const promptsOf = (set: AuditSet | null) => set?.items.map(({ prompt }) => prompt) ?? []
  const prompts = promptValues(
    {
      outputs: outputs.embeddings,
      reference: reference?.embeddings ?? null,
      threshold,
      neighbours: options.neighbours,
    },
    { outputs: promptsOf(outputs), reference: promptsOf(reference) },
  )
  const several = prompts.filter(({ pictures }) => pictures > 1)
  return {
    measures: [
      meanOverPrompts(input, prompts, {
        id: 'prompt-vendi',
        value: 'vendi-1',
        range: [1, Math.max(1, ...several.map(({ pictures }) => pictures))],
        reason: noPrompts,
      }),
      promptRepeats(input, several),
      ...promptLikeness(input, prompts),
    ],
    warnings: unequalPrompts(several),
  }
}

const noPrompts = 'No prompt has two pictures.'

/** What a mean over prompts is made from. */
interface PromptMean {
  readonly id: string
  readonly value: DiversityId
  readonly range: readonly [number, number]
  /** Why it is missing where no prompt has the value. */
  readonly reason: string
}

function meanOverPrompts(
  { options }: RepellencyInput,
  prompts: readonly PromptValues[],
  { id, value, range, reason }: PromptMean,
): Measure {
  const measured = prompts.filter(({ values }) => values[value] !== undefined)
  const missing = prompts.length - measured.length
  if (measured.length === 0) return absentMeasure(repellencyMeta, { id, missing, reason })
  return clusteredMean(repellencyMeta, {
    ...{ id, range, missing, level: options.level },
    values: measured.map(({ values }) => values[value] ?? 0),
    clusters: measured.map(({ prompt }) => prompt),
  })
}

/** Over outputs, as it is a share of them; whether one is repeated is a matter of its prompt alone. */
function promptRepeats(
  { context, options, missing, threshold }: RepellencyInput,
  several: readonly PromptValues[],
): Measure {
  const n = several.reduce((sum, { pictures }) => sum + pictures, 0)
  const shared = {
    id: 'prompt-repeats',
    missing: missing + context.inputs.outputs.items.length - n,
  }
  if (threshold === null || n === 0) {
    const reason = threshold === null ? uncalibratedReason : noPrompts
    return absentMeasure(repellencyMeta, { ...shared, reason })
  }
  const outcomes = several.flatMap(({ pictures, values }) => {
    const repeated = Math.round((values['near-duplicates'] ?? 0) * pictures)
    return Array.from({ length: pictures }, (_, at) => at < repeated)
  })
  const clusters = several.flatMap(({ prompt, pictures }) =>
    Array.from({ length: pictures }, () => prompt),
  )
  return clusteredShare(repellencyMeta, { ...shared, outcomes, clusters, level: options.level })
}

/** As in the paper: of each prompt against the reference pictures of the same prompt, then averaged. */
function promptLikeness(input: RepellencyInput, prompts: readonly PromptValues[]): Measure[] {
  const { neighbours } = input.options
  const reason =
    input.context.inputs.reference === null
      ? 'No reference set was given.'
      : `No prompt has more than ${neighbours} outputs and more than ${neighbours} reference pictures.`
  return (['precision', 'recall', 'density', 'coverage'] as const).map((value) => {
    const range = [0, value === 'density' ? Number.POSITIVE_INFINITY : 1] as const
    return meanOverPrompts(input, prompts, { id: `prompt-${value}`, value, range, reason })
  })
}

/** The effective number of pictures grows with their number, so that unequal prompts make a mean of unlike things. */
function unequalPrompts(several: readonly PromptValues[]): AuditResult['warnings'] {
  const sizes = several.map(({ pictures }) => pictures)
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)]
  if (sizes.length === 0 || least === most) return []
  const message = `Prompts have from ${least} to ${most} pictures: compare Vendi scores by prompt only with sets of the same numbers.`
  return [{ code: 'UNEQUAL_PROMPTS', count: several.length, message }]
}
