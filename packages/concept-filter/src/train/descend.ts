import { projectOnCap, type SphericalCap } from './spherical-cap.js'
import type { ConceptVectors, LossAndGradient, TuningLoss } from './tuning-loss.js'
import { addScaled, difference, innerProduct } from './vectors.js'

/** One point on the way down. */
export interface DescentPoint {
  /** 0 for the start. */
  readonly step: number
  readonly vectors: ConceptVectors
  readonly loss: number
}

interface DescendOptions {
  readonly loss: TuningLoss
  /** The start is the centre of each cap. */
  readonly caps: { readonly unacceptable: SphericalCap; readonly acceptable: SphericalCap }
  readonly steps: number
}

/** A first step moves neither vector by more than this; no later one by more than ten times as much. */
const FIRST_STEP = 0.02
/** Share of the decrease that a straight line promises, which a step must keep. */
const SUFFICIENT = 1e-4
/** Below this relative decrease the descent has arrived. */
const RELATIVE_DECREASE = 1e-9

/**
 * Gradient descent on a product of two spherical caps: steps of the Barzilai–Borwein length, projected, and
 * halved until the loss falls by enough, so that it falls at every step. Deterministic, and without a
 * learning rate to choose.
 *
 * Source: Birgin, Martínez, Raydan (2000), Nonmonotone spectral projected gradient methods on convex sets,
 * algorithm 2.1 with a memory of one step.
 */
export function* descend({ loss, caps, steps }: DescendOptions): Generator<DescentPoint> {
  let vectors: ConceptVectors = {
    unacceptable: caps.unacceptable.centre,
    acceptable: caps.acceptable.centre,
  }
  let here = tangent(loss(vectors), vectors)
  yield { step: 0, vectors, loss: here.loss }
  let length = FIRST_STEP / largestNorm(here.gradient)
  for (let step = 1; step <= steps && Number.isFinite(length); step += 1) {
    const next = lowerPoint({ loss, caps, vectors, here, length })
    if (next === null) return
    length = nextLength({ vectors, here }, next, length)
    const decrease = here.loss - next.here.loss
    vectors = next.vectors
    here = next.here
    yield { step, vectors, loss: here.loss }
    if (decrease <= RELATIVE_DECREASE * Math.abs(here.loss)) return
  }
}

interface Place {
  readonly vectors: ConceptVectors
  readonly here: LossAndGradient
}

interface Search extends Place, Omit<DescendOptions, 'steps'> {
  readonly length: number
}

/** A point down the projected gradient with a sufficiently lower loss, or null where there is none. */
function lowerPoint({ loss, caps, vectors, here, length }: Search): Place | null {
  for (let factor = length; factor > length * 2 ** -40; factor /= 2) {
    const trial = {
      unacceptable: stepOf(
        caps.unacceptable,
        vectors.unacceptable,
        here.gradient.unacceptable,
        factor,
      ),
      acceptable: stepOf(caps.acceptable, vectors.acceptable, here.gradient.acceptable, factor),
    }
    const moved = pairwise(vectors, trial, difference)
    const squared = total(moved, moved)
    if (squared === 0) return null
    const said = loss(trial)
    if (said.loss <= here.loss - (SUFFICIENT / factor) * squared) {
      return { vectors: trial, here: tangent(said, trial) }
    }
  }
  return null
}

function stepOf(cap: SphericalCap, from: Float64Array, gradient: Float64Array, factor: number) {
  const target = Float64Array.from(from)
  addScaled(target, -factor, gradient)
  return projectOnCap(cap, target)
}

/** Barzilai and Borwein's length s·s / s·y, from how far the point moved and how the gradient changed. */
function nextLength(from: Place, to: Place, before: number): number {
  const moved = pairwise(to.vectors, from.vectors, difference)
  const changed = pairwise(to.here.gradient, from.here.gradient, difference)
  const curvature = total(moved, changed)
  const length = curvature > 0 ? total(moved, moved) / curvature : 10 * before
  return Math.min(length, (10 * FIRST_STEP) / largestNorm(to.here.gradient))
}

/** The gradient without what points along each vector, where the sphere does not go. */
function tangent({ loss, gradient }: LossAndGradient, vectors: ConceptVectors): LossAndGradient {
  const along = (slope: Float64Array, vector: Float64Array) => {
    const across = Float64Array.from(slope)
    addScaled(across, -innerProduct(slope, vector), vector)
    return across
  }
  return { loss, gradient: pairwise(gradient, vectors, along) }
}

const pairwise = (
  one: ConceptVectors,
  other: ConceptVectors,
  combine: (one: Float64Array, other: Float64Array) => Float64Array,
): ConceptVectors => ({
  unacceptable: combine(one.unacceptable, other.unacceptable),
  acceptable: combine(one.acceptable, other.acceptable),
})

const total = (one: ConceptVectors, other: ConceptVectors): number =>
  innerProduct(one.unacceptable, other.unacceptable) +
  innerProduct(one.acceptable, other.acceptable)

const largestNorm = ({ unacceptable, acceptable }: ConceptVectors): number =>
  Math.sqrt(
    Math.max(innerProduct(unacceptable, unacceptable), innerProduct(acceptable, acceptable)),
  )
