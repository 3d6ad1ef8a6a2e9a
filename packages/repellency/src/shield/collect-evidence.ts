import type { DenoisingStep } from '@assay/core'
import { euclideanDistance } from '@assay/core/linear-algebra'
import type { RepelledPrediction } from '../kernel/repel.js'
import { NO_DIRECTION } from '../kernel/repel-once.js'
import { rowOf } from './rows-of.js'
import type { Shield, ShieldCall, ShieldedPicture } from './shield.js'

/** References that are kept of each picture. */
const MOST_MET = 5

/** What one model call showed and what became of it. */
export interface ObservedCall {
  readonly step: DenoisingStep
  readonly predictions: readonly Float64Array[]
  readonly moved: readonly (RepelledPrediction | null)[]
  /** Radius that predictions were compared at. */
  readonly radius: number
}

/** Keeps account of a run. */
export interface EvidenceCollector extends Pick<Shield, 'calls' | 'pictures'> {
  observe(call: ObservedCall): void
}

/** An empty account of a run, which grows with each call that is observed. */
export function collectEvidence(): EvidenceCollector {
  const calls: ShieldCall[] = []
  const pictures = new Map<number, ShieldedPicture>()
  return {
    calls,
    get pictures() {
      return [...pictures.values()]
    },
    observe(observed) {
      calls.push(describeCall(observed))
      const { step, moved } = observed
      for (const [row, each] of moved.entries()) {
        const seed = step.seeds[row] ?? row
        const before = pictures.get(seed) ?? unseenPicture(seed)
        pictures.set(seed, withCall(before, step.index, each))
      }
    },
  }
}

function describeCall({ step, predictions, moved, radius }: ObservedCall): ShieldCall {
  const active = moved.flatMap((each, row) => {
    if (each === null) return []
    const prediction = predictions[row]!
    const correction = euclideanDistance(each.prediction, prediction)
    return [{ ...each, correction, noise: euclideanDistance(rowOf(step.state, row), prediction) }]
  })
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
  return {
    index: step.index,
    timestep: step.timestep,
    pictures: predictions.length,
    active: active.length,
    shields: active.reduce((sum, { shields }) => sum + shields, 0),
    copies: active.filter(({ nearest }) => nearest <= NO_DIRECTION * radius).length,
    correction: mean(active.map(({ correction }) => correction)),
    relativeCorrection: mean(active.map(({ correction, noise }) => correction / noise)),
    nearest: active.reduce<number | null>((least, { nearest }) => smaller(least, nearest), null),
    nearestAfter: active.reduce<number | null>(
      (least, { nearestAfter }) => smaller(least, nearestAfter),
      null,
    ),
  }
}

/** What is told of a picture that no model call has shown. */
export const unseenPicture = (seed: number): ShieldedPicture => ({
  ...{ seed, calls: 0, activeCalls: 0, shields: 0, met: [] },
  ...{ firstActive: null, lastActive: null, nearest: null, nearestAfter: null },
})

function withCall(
  picture: ShieldedPicture,
  index: number,
  moved: RepelledPrediction | null,
): ShieldedPicture {
  const calls = picture.calls + 1
  if (moved === null) return { ...picture, calls }
  return {
    seed: picture.seed,
    calls,
    activeCalls: picture.activeCalls + 1,
    firstActive: picture.firstActive ?? index,
    lastActive: index,
    shields: picture.shields + moved.shields,
    nearest: smaller(picture.nearest, moved.nearest),
    nearestAfter: smaller(picture.nearestAfter, moved.nearestAfter),
    met: nearestOf([...picture.met, ...moved.near.slice(0, MOST_MET)]),
  }
}

const smaller = (one: number | null, other: number): number =>
  one === null ? other : Math.min(one, other)

/** The nearest references, each once. */
function nearestOf(met: ShieldedPicture['met']): ShieldedPicture['met'] {
  const sorted = met.toSorted((one, other) => one.distance - other.distance)
  const rows = new Map<number, number>()
  for (const { row, distance } of sorted) if (!rows.has(row)) rows.set(row, distance)
  return [...rows].slice(0, MOST_MET).map(([row, distance]) => ({ row, distance }))
}
