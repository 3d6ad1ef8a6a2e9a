import { type AuditSet, createRandom, type Measure } from '@assay/core'
import {
  absentMeasure,
  clusteredMean,
  jackknifedMeasure,
  leaveGroupsOut,
  promptClusters,
} from '@assay/core/measures'
import { type DiversityId, diversityMeasures } from './diversity-measures.js'
import { type PromptValues, promptValues } from './prompt-values.js'
import { type MeasuredSet, type SetValues, setValues } from './set-values.js'

/** A score, with all that must be the same before it is compared with another. */
export interface DiversityScore extends Measure {
  readonly id: DiversityId
  /** Of all pictures together, or of each prompt's pictures and then averaged over prompts. */
  readonly scope: 'pooled' | 'within prompts'
  readonly encoder: string
  readonly fingerprint: string
  /** What pictures are compared by. */
  readonly kernel: 'cosine' | 'euclidean, unit embeddings'
  /** Order q of a Vendi score. */
  readonly order: number | 'infinity' | null
  /** k of precision, recall, density and coverage. */
  readonly neighbours: number | null
  /** Cosine from which pictures are near-duplicates. */
  readonly threshold: number | null
  /** Reference pictures. */
  readonly references: number | null
}

/** Pictures, one unit row each, and those that have none. */
export interface DiversitySet extends Pick<AuditSet, 'embeddings' | 'failures'> {
  readonly items: readonly Pick<AuditSet['items'][number], 'id' | 'prompt'>[]
}

/** What is measured, and how. */
export interface DiversityScoresOptions extends Omit<MeasuredSet, 'outputs' | 'reference'> {
  readonly encoder: { readonly id: string; readonly fingerprint: string }
  readonly outputs: DiversitySet
  readonly reference: DiversitySet | null
  readonly level: number
  /** Most groups of prompts that intervals of the whole set leave out in turn. */
  readonly groups: number
}

/** Every score of a set, with its interval, and the values of each prompt. */
export function diversityScores(options: DiversityScoresOptions): {
  readonly scores: readonly DiversityScore[]
  readonly prompts: readonly PromptValues[]
} {
  const { outputs, reference, threshold, neighbours, groups } = options
  const set: MeasuredSet = {
    ...{ threshold, neighbours },
    outputs: outputs.embeddings,
    reference: reference?.embeddings ?? null,
  }
  const random = createRandom('diversity')
  const leftOut = leaveGroupsOut(promptClusters(outputs.items), { most: groups, random })
  const left = leftOut.kept.length < 2 ? { ...leftOut, kept: [] } : leftOut
  const promptsOf = (folder: DiversitySet | null) => folder?.items.map(({ prompt }) => prompt) ?? []
  const prompts = promptValues(set, {
    outputs: promptsOf(outputs),
    reference: promptsOf(reference),
  })
  const pooled = setValues(set, left)
  const ids = diversityMeasures.map(({ id }) => id as DiversityId)
  return {
    prompts,
    scores: [
      ...ids.map((id) => scoreOf(options, 'pooled', pooledMeasure(options, id, pooled))),
      ...ids
        .filter((id) => id !== 'frechet-distance') // Of too few pictures; the paper pools it, too.
        .map((id) => scoreOf(options, 'within prompts', promptMeasure(options, id, prompts))),
    ],
  }
}

const meta = { measures: diversityMeasures }

function pooledMeasure(options: DiversityScoresOptions, id: DiversityId, values: SetValues) {
  const { outputs, reference, level } = options
  const missing = outputs.failures.length
  const estimate = values.all[id]
  if (estimate === undefined) {
    const reason = reasonFor(id, options)
    return absentMeasure(meta, { id, missing, reason })
  }
  const leaveOneOut = values.without.flatMap((without) => without[id] ?? [])
  const isOfReference = id === 'recall' || id === 'coverage'
  return jackknifedMeasure(meta, {
    id,
    estimate,
    leaveOneOut,
    n: (isOfReference ? reference : outputs)?.items.length ?? 0,
    missing: isOfReference ? (reference?.failures.length ?? 0) : missing,
    level,
    range: rangeOf(id, outputs.items.length),
  })
}

function promptMeasure(
  options: DiversityScoresOptions,
  id: DiversityId,
  prompts: readonly PromptValues[],
): Measure {
  const measured = prompts.flatMap(({ prompt, values: { [id]: value } }) =>
    value === undefined ? [] : [{ prompt, value }],
  )
  const missing = prompts.length - measured.length
  if (measured.length === 0) {
    return absentMeasure(meta, { id, missing, reason: promptReasonFor(id, options, prompts) })
  }
  return clusteredMean(meta, {
    id,
    values: measured.map(({ value }) => value),
    clusters: measured.map(({ prompt }) => prompt),
    range: rangeOf(id, Math.max(...prompts.map(({ pictures }) => pictures))),
    missing,
    level: options.level,
  })
}

/** Bounds of a figure over so many pictures. */
function rangeOf(id: DiversityId, pictures: number): [number, number] {
  if (id.startsWith('vendi')) return [1, pictures]
  const [low, high] = diversityMeasures.find((each) => each.id === id)?.range ?? [null, null]
  return [low ?? Number.NEGATIVE_INFINITY, high ?? Number.POSITIVE_INFINITY]
}

function reasonFor(id: DiversityId, { reference, neighbours }: DiversityScoresOptions): string {
  if (id === 'near-duplicates') {
    return "The encoder's card has no near-duplicate threshold, and none was given."
  }
  if (reference === null) return 'No reference set was given.'
  const least = id === 'frechet-distance' ? 1 : neighbours
  return `Both sets need more than ${least} pictures.`
}

function promptReasonFor(
  id: DiversityId,
  options: DiversityScoresOptions,
  prompts: readonly PromptValues[],
): string {
  if (!prompts.some(({ pictures }) => pictures > 1)) return 'No prompt has two pictures.'
  if (options.reference === null || id === 'near-duplicates') return reasonFor(id, options)
  const { neighbours } = options
  return `No prompt has more than ${neighbours} pictures and more than ${neighbours} reference pictures.`
}

/** A measure with its circumstances. */
function scoreOf(
  { encoder, neighbours, threshold, reference }: DiversityScoresOptions,
  scope: DiversityScore['scope'],
  measure: Measure,
): DiversityScore {
  const id = measure.id as DiversityId
  const isByCosine = id.startsWith('vendi') || id === 'near-duplicates'
  const [, order = null] = /^vendi-(.*)$/.exec(id) ?? []
  const hasNeighbours = !isByCosine && id !== 'frechet-distance'
  return {
    ...measure,
    id,
    scope,
    encoder: encoder.id,
    fingerprint: encoder.fingerprint,
    kernel: isByCosine ? 'cosine' : 'euclidean, unit embeddings',
    order: order === 'infinity' || order === null ? order : Number(order),
    neighbours: hasNeighbours ? neighbours : null,
    threshold: id === 'near-duplicates' ? threshold : null,
    references: isByCosine ? null : (reference?.items.length ?? null),
  }
}
