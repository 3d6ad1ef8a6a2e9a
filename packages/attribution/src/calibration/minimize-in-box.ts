/** A point of two coordinates. */
export type Point = readonly [number, number]

/** A function of two numbers near a point. */
export interface QuadraticModel {
  readonly value: number
  readonly gradient: Point
  /** By the first twice, by both, by the second twice. */
  readonly curvature: readonly [number, number, number]
}

/** A box of two sides. */
export interface Box {
  readonly low: Point
  readonly high: Point
}

/** What {@link minimizeInBox} needs. */
export interface MinimizeOptions extends Box {
  readonly objective: (point: Point) => QuadraticModel
  readonly start: Point
  /** Ends where a step promises a fall of the value of at most this: about what rounding hides. */
  readonly tolerance: number
  readonly mostSteps: number
}

/** Where the descent ended. */
export interface Minimum {
  readonly point: Point
  readonly value: number
  readonly steps: number
  readonly converged: boolean
}

/** No step changes a coordinate by more: far away, the quadratic model tells nothing. */
const longestStep = 1
/** Share of the fall promised by the gradient that a step must deliver. */
const sufficientFall = 1e-4
const mostHalvings = 40

/**
 * A local minimum of a smooth function of two numbers within a box, by Newton steps from a start. Where
 * the function bends downwards its curvature counts with the other sign, so that steps lead away from
 * saddles; a step out of the box is cut to it, and steps are halved until the value falls.
 *
 * Source: Bertsekas (1982), Projected Newton methods for optimization problems with simple constraints.
 */
export function minimizeInBox(options: MinimizeOptions): Minimum {
  const { objective, tolerance, mostSteps } = options
  let point = cut(options.start, options)
  let model = objective(point)
  for (let steps = 0; ; steps++) {
    const free = freeCoordinates(point, model.gradient, options)
    const direction = newtonDirection(model, free)
    const reached = { point, value: model.value, steps }
    if (-slopeAlong(direction, model) <= tolerance) return { ...reached, converged: true }
    const next = steps < mostSteps && descend(point, model, { ...options, direction })
    if (!next) return { ...reached, converged: false }
    point = next.point
    model = next.model
  }
}

const slopeAlong = ([x, y]: Point, { gradient }: QuadraticModel) =>
  gradient[0] * x + gradient[1] * y

const cut = ([x, y]: Point, { low, high }: Box): Point => [
  Math.min(Math.max(x, low[0]), high[0]),
  Math.min(Math.max(y, low[1]), high[1]),
]

/** Which coordinates may move: those that no bound stops on the way down. */
function freeCoordinates([x, y]: Point, [byX, byY]: Point, { low, high }: Box): [boolean, boolean] {
  const isFree = (at: number, slope: number, from: number, to: number) =>
    slope > 0 ? at > from : at < to
  return [isFree(x, byX, low[0], high[0]), isFree(y, byY, low[1], high[1])]
}

/** The point after one step, or null where no step along the direction lets the value fall. */
function descend(
  point: Point,
  model: QuadraticModel,
  { direction: [x, y], ...options }: MinimizeOptions & { readonly direction: Point },
): { point: Point; model: QuadraticModel } | null {
  let length = Math.min(1, longestStep / Math.max(Math.abs(x), Math.abs(y)))
  for (let halvings = 0; halvings < mostHalvings; halvings++, length /= 2) {
    const next = cut([point[0] + length * x, point[1] + length * y], options)
    const promise = slopeAlong([next[0] - point[0], next[1] - point[1]], model)
    const found = options.objective(next)
    const ceiling = model.value + sufficientFall * promise + options.tolerance
    if (found.value <= ceiling) return { point: next, model: found }
  }
  return null
}

/** `-|H|⁻¹ g` among the free coordinates, with the absolute values of H's eigenvalues. */
function newtonDirection(
  { gradient: [byX, byY], curvature: [xx, xy, yy] }: QuadraticModel,
  [freeX, freeY]: readonly [boolean, boolean],
): Point {
  if (!freeX && !freeY) return [0, 0]
  if (!freeX) return [0, -byY / steepness(yy)]
  if (!freeY) return [-byX / steepness(xx), 0]
  const middle = (xx + yy) / 2
  const radius = Math.hypot((xx - yy) / 2, xy)
  const first = 1 / steepness(middle + radius)
  const second = 1 / steepness(middle - radius)
  const common = (first + second) / 2
  const along = radius > 0 ? (first - second) / 2 / radius : 0
  return [
    -(common + along * (xx - middle)) * byX - along * xy * byY,
    -along * xy * byX - (common + along * (yy - middle)) * byY,
  ]
}

/** A curvature that a step can be divided by. */
const steepness = (curvature: number) => Math.max(Math.abs(curvature), 1e-8)
