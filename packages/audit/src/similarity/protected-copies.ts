import type { Finding } from '@assay/core'
import {
  type AuditPart,
  absentMeasure,
  clusteredMean,
  clusteredShare,
  uncalibratedReason,
} from '@assay/core/measures'
import type { SimilarityInput } from './similarity-input.js'
import { similarityMeta } from './similarity-meta.js'

/** An output and the protected picture that it is most like. */
interface Pair {
  readonly output: string
  readonly neighbour: string
  readonly cosine: number
}

/** Searches every output among the protected pictures. */
export async function protectedCopies(input: SimilarityInput): Promise<AuditPart> {
  const { context, missing } = input
  const size = context.inputs.protected?.items.length ?? 0
  if (size === 0) {
    const reason = 'No protected pictures were given.'
    const ids = ['protected-copies', 'protected-nearest']
    return {
      measures: ids.map((id) => absentMeasure(similarityMeta, { id, missing, reason })),
    }
  }
  const pairs = await nearestProtected(input)
  return {
    measures: [copyMeasure(input, pairs), nearestMeasure(input, pairs)],
    findings: copyFindings(input, pairs),
    scores: new Map(
      pairs.map(({ output, neighbour, cosine }) => [
        output,
        { protectedNearest: neighbour, protectedCosine: cosine },
      ]),
    ),
  }
}

async function nearestProtected({ context }: SimilarityInput): Promise<readonly Pair[]> {
  const { outputs, protected: protectedSet } = context.inputs
  if (protectedSet === null) return []
  const index = await context.createIndex(protectedSet.embeddings, 'cosine')
  try {
    const found = await index.nearest(outputs.embeddings, { k: 1, signal: context.signal })
    return outputs.items.flatMap(({ id }, row) => {
      const nearest = found[row]?.[0]
      return nearest ? { output: id, neighbour: nearest.id, cosine: nearest.score } : []
    })
  } finally {
    await index.close()
  }
}

function copyMeasure(input: SimilarityInput, pairs: readonly Pair[]) {
  const { threshold, clusters, missing, options } = input
  if (threshold === null)
    return absentMeasure(similarityMeta, {
      id: 'protected-copies',
      missing,
      reason: uncalibratedReason,
    })
  const outcomes = pairs.map(({ cosine }) => cosine >= threshold)
  return clusteredShare(similarityMeta, {
    id: 'protected-copies',
    outcomes,
    clusters,
    missing,
    level: options.level,
  })
}

function nearestMeasure({ clusters, missing, options }: SimilarityInput, pairs: readonly Pair[]) {
  const values = pairs.map(({ cosine }) => cosine)
  const { level } = options
  return clusteredMean(similarityMeta, {
    id: 'protected-nearest',
    values,
    clusters,
    missing,
    level,
    range: [-1, 1],
  })
}

function copyFindings({ threshold, context }: SimilarityInput, pairs: readonly Pair[]): Finding[] {
  if (threshold === null) return []
  const prompts = new Map(context.inputs.outputs.items.map(({ id, prompt }) => [id, prompt]))
  return pairs
    .filter(({ cosine }) => cosine >= threshold)
    .sort((a, b) => b.cosine - a.cosine || (a.output < b.output ? -1 : 1))
    .map(({ output, neighbour, cosine }) => ({
      id: `protected-copy:${output}`,
      title: 'Copies a protected picture',
      severity: 'high',
      items: [`outputs/${output}`, `protected/${neighbour}`],
      evidence: { cosine, threshold, prompt: prompts.get(output) ?? null },
    }))
}
