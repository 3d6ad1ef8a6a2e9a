import type { AuditResult } from '@assay/core'
import { dot } from '@assay/core/linear-algebra'
import { type AuditPart, absentMeasure, clusteredMean } from '@assay/core/measures'
import type { SimilarityInput } from './similarity-input.js'
import { similarityMeta } from './similarity-meta.js'

/** Cosine of every output and its prompt. */
export function promptAlignment({
  context,
  clusters,
  missing,
  options,
}: SimilarityInput): AuditPart {
  const { items, embeddings, promptEmbeddings, truncatedPrompts } = context.inputs.outputs
  if (promptEmbeddings === null) {
    const reason = 'No prompt could be embedded: the set tells none, or the encoder reads no text.'
    return {
      measures: [
        absentMeasure(similarityMeta, {
          id: 'prompt-alignment',
          missing: missing + items.length,
          reason,
        }),
      ],
    }
  }
  const rowOf = new Map(promptEmbeddings.ids?.map((prompt, row) => [prompt, row]))
  const aligned = items.flatMap(({ id, prompt }, row) => {
    const promptRow = prompt === null ? undefined : rowOf.get(prompt)
    if (promptRow === undefined) return []
    const cosine = dot(rowAt(embeddings, row), rowAt(promptEmbeddings, promptRow))
    return { id, cosine, cluster: clusters[row] ?? id }
  })
  const measure = clusteredMean(similarityMeta, {
    id: 'prompt-alignment',
    values: aligned.map(({ cosine }) => cosine),
    clusters: aligned.map(({ cluster }) => cluster),
    missing: missing + items.length - aligned.length,
    level: options.level,
    range: [-1, 1],
  })
  return {
    measures: [measure],
    warnings: truncationWarnings(truncatedPrompts),
    scores: new Map(aligned.map(({ id, cosine }) => [id, { promptAlignment: cosine }])),
  }
}

const rowAt = ({ data, columns }: { data: Float32Array; columns: number }, row: number) =>
  data.subarray(row * columns, (row + 1) * columns)

function truncationWarnings(prompts: readonly string[]): AuditResult['warnings'] {
  if (prompts.length === 0) return []
  const message = `${prompts.length} prompts are longer than the encoder reads; their ends do not count.`
  return [{ code: 'PROMPTS_TRUNCATED', count: prompts.length, message }]
}
