import type { AuditSet, Measure } from '@assay/core'
import {
  type AuditPart,
  absentMeasure,
  clusteredQuantileMeasure,
  clusteredShare,
  jackknifedMeasure,
  leaveGroupsOut,
  uncalibratedReason,
} from '@assay/core/measures'
import { type NearestPicture, nearestPictures } from './nearest-pictures.js'
import type { RepellencyInput } from './repellency-input.js'
import { repellencyMeta, similarityPercentiles } from './repellency-meta.js'
import { reproducedFindings } from './reproduced-findings.js'

/** A set that outputs may have been remembered from, and what each output is most like in it. */
export interface ComparedSet {
  readonly name: 'protected' | 'training'
  readonly set: AuditSet
  readonly nearest: readonly NearestPicture[]
}

/** What of each set the outputs reproduce, and how alike they are to it. */
export async function memorisation(input: RepellencyInput): Promise<readonly AuditPart[]> {
  const { context, options } = input
  const { inputs } = context
  const given = (['protected', 'training'] as const).filter((name) => inputs[name] !== null)
  const names = options.against ?? given.slice(0, 1)
  if (names.length === 0) {
    return [
      { measures: absentMeasures(input, 'Neither protected nor training pictures were given.') },
    ]
  }
  const parts: AuditPart[] = []
  for (const name of new Set(names)) {
    const set = inputs[name]
    const reason = `There are no ${name} pictures.`
    if (set === null || set.items.length === 0) {
      parts.push({
        measures: absentMeasures(input, reason).map((each) => ({ ...each, group: name })),
      })
    } else {
      parts.push(memorisationOf(input, { name, set, nearest: await nearestPictures(context, set) }))
    }
  }
  return parts
}

function memorisationOf(input: RepellencyInput, compared: ComparedSet): AuditPart {
  const { name, set, nearest } = compared
  const { items } = input.context.inputs.outputs
  const measures = [
    ...reproductionMeasures(input, compared),
    authenticity(input, nearest),
    ...similarityPercentiles.map(({ id, quantile }) =>
      clusteredQuantileMeasure(repellencyMeta, {
        id,
        quantile,
        values: nearest.map(({ cosine }) => cosine),
        range: [-1, 1],
        ...clusteredBy(input, nearest),
      }),
    ),
  ]
  const scores = nearest.map(({ output, picture, cosine, neighbourCosine }) => {
    const { id = '' } = items[output] ?? {}
    return [
      id,
      {
        [`${name}Nearest`]: set.items[picture]?.id ?? null,
        [`${name}Cosine`]: cosine,
        [`${name}NeighbourCosine`]: neighbourCosine,
      },
    ] as const
  })
  return {
    measures: measures.map((measure) => ({ ...measure, group: name })),
    findings: reproducedFindings(input, compared),
    scores: new Map(scores),
  }
}

function reproductionMeasures(input: RepellencyInput, compared: ComparedSet): Measure[] {
  const { threshold } = input
  if (threshold === null) {
    return ['memorised', 'reproduced'].map((id) => absent(input, id, uncalibratedReason))
  }
  const outcomes = compared.nearest.map(({ cosine }) => cosine >= threshold)
  const shared = clusteredBy(input, compared.nearest)
  return [
    clusteredShare(repellencyMeta, { id: 'memorised', outcomes, ...shared }),
    reproduced(input, compared, threshold),
  ]
}

/** A figure of the set of outputs as a whole: several outputs may reproduce the same picture. */
function reproduced(
  { context, clusters, options }: RepellencyInput,
  { set, nearest, name }: ComparedSet,
  threshold: number,
): Measure {
  const random = context.random.fork(`reproduced ${name}`)
  const { kept } = leaveGroupsOut(clusters, { most: options.groups, random })
  const pictureOf = new Map(
    nearest.flatMap(({ output, picture, cosine }) =>
      cosine >= threshold ? [[output, picture] as const] : [],
    ),
  )
  const share = (outputs: readonly number[]) =>
    new Set(outputs.flatMap((output) => pictureOf.get(output) ?? [])).size / set.items.length
  return jackknifedMeasure(repellencyMeta, {
    id: 'reproduced',
    estimate: share([...clusters.keys()]),
    leaveOneOut: kept.length < 2 ? [] : kept.map(share),
    n: set.items.length,
    missing: set.failures.length,
    level: options.level,
    range: [0, 1],
  })
}

function authenticity(input: RepellencyInput, nearest: readonly NearestPicture[]): Measure {
  const outcomes = nearest.flatMap(({ cosine, neighbourCosine }) =>
    neighbourCosine === null ? [] : [cosine < neighbourCosine],
  )
  if (outcomes.length < nearest.length) {
    return absent(input, 'authenticity', 'A set of one picture has no neighbours to compare with.')
  }
  return clusteredShare(repellencyMeta, {
    id: 'authenticity',
    outcomes,
    ...clusteredBy(input, nearest),
  })
}

const clusteredBy = (
  { clusters, missing, options }: RepellencyInput,
  nearest: readonly NearestPicture[],
) => ({
  clusters: nearest.map(({ output }) => clusters[output] ?? String(output)),
  missing,
  level: options.level,
})

const absent = ({ context, missing }: RepellencyInput, id: string, reason: string): Measure =>
  absentMeasure(repellencyMeta, {
    id,
    missing: missing + context.inputs.outputs.items.length,
    reason,
  })

const absentMeasures = (input: RepellencyInput, reason: string): Measure[] =>
  ['memorised', 'reproduced', 'authenticity', ...similarityPercentiles.map(({ id }) => id)].map(
    (id) => absent(input, id, reason),
  )
