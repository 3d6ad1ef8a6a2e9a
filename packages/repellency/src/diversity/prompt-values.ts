import { type Matrix, selectRows } from '@assay/core'
import { precisionRecallDensityCoverage } from '@assay/metrics'
import type { Values } from './diversity-measures.js'
import { duplicateValues, type MeasuredSet, vendiValues } from './set-values.js'

/** What can be measured of the pictures of one prompt. */
export interface PromptValues {
  readonly prompt: string
  readonly pictures: number
  readonly values: Values
}

/** The prompt of each picture; null for one that has none. */
export type Prompts = readonly (string | null)[]

/**
 * The pictures of each prompt, alone and against the reference pictures of the same prompt. One picture alone
 * has no diversity.
 */
export function promptValues(
  { outputs, reference, threshold, neighbours }: MeasuredSet,
  prompts: { readonly outputs: Prompts; readonly reference: Prompts },
): readonly PromptValues[] {
  const references = rowsByPrompt(prompts.reference)
  return [...rowsByPrompt(prompts.outputs)].map(([prompt, rows]) => {
    const pictures = rows.length
    if (pictures < 2) return { prompt, pictures, values: {} }
    const own = selectRows(outputs, rows)
    const others = references.get(prompt) ?? []
    const isEnough = Math.min(pictures, others.length) > neighbours
    const [duplicates] =
      threshold === null ? [] : duplicateValues(own, threshold, [[...rows.keys()]])
    return {
      prompt,
      pictures,
      values: {
        ...vendiValues(own),
        ...duplicates,
        ...(reference && isEnough && likeness(own, selectRows(reference, others), neighbours)),
      },
    }
  })
}

function likeness(outputs: Matrix, reference: Matrix, neighbours: number): Values {
  const { precision, recall, density, coverage } = precisionRecallDensityCoverage({
    outputs,
    reference,
    neighbours,
  })
  return { precision, recall, density, coverage }
}

function rowsByPrompt(prompts: Prompts): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>()
  for (const [row, prompt] of prompts.entries()) {
    if (prompt === null) continue
    const rows = found.get(prompt)
    if (rows) rows.push(row)
    else found.set(prompt, [row])
  }
  return found
}
