import type { GraphValue } from '../graph-node.js'
import { resolveAxis, shapeMismatch } from '../shapes.js'
import { add, div, mul, sqrt, sub } from './arithmetic.js'
import { clamp } from './comparison.js'
import { squeeze, unsqueeze } from './expansion.js'
import { reduceL2, reduceMean } from './reductions.js'

/** Settings of `l2Normalize`. */
export interface L2NormalizeOptions {
  /** The axis that holds a vector. Default: the last. */
  readonly axis?: number
  /** Least length to divide by, so that a zero vector stays zero instead of NaN. Default 1e-12. */
  readonly epsilon?: number
}

/**
 * Each vector divided by its Euclidean length. A vector shorter than `epsilon`, or so short that its
 * squares vanish in the element type, does not get unit length; its gradient is that of a division by
 * `epsilon`, and so it is large.
 */
export function l2Normalize(
  a: GraphValue,
  { axis = -1, epsilon = 1e-12 }: L2NormalizeOptions = {},
): GraphValue {
  const length = reduceL2(a, { axes: [axis], keepDimensions: true })
  return div(a, clamp(length, { minimum: epsilon }))
}

/** A learned stretch and shift after a normalisation. */
interface AffineOptions {
  /** Factors. Default: none. */
  readonly scale?: GraphValue
  /** What is added after the factors. Default: nothing. */
  readonly bias?: GraphValue
  /** Added to the variance before its root is taken. Default 1e-5. */
  readonly epsilon?: number
}

/** Settings of `layerNorm`. */
export interface LayerNormOptions extends AffineOptions {
  /** The first of the axes that are normalised together; all after it follow. Default: the last. */
  readonly axis?: number
}

/**
 * Each row brought to mean 0 and (biased) variance 1 over its own elements, then stretched and shifted
 * by `scale` and `bias` of the shape of a row.
 *
 * Source: J. L. Ba, J. R. Kiros and G. E. Hinton, Layer Normalization (2016), arXiv 1607.06450, eq. 4.
 *
 * @throws AssayError `SHAPE_MISMATCH` where `scale` or `bias` has not the shape of a row
 */
export function layerNorm(a: GraphValue, options: LayerNormOptions = {}): GraphValue {
  const { axis = -1, epsilon = 1e-5, scale, bias } = options
  const first = resolveAxis('layerNorm', a, axis)
  const row = a.shape.slice(first)
  for (const vector of [scale, bias]) {
    if (vector && vector.shape.join() !== row.join()) {
      throw shapeMismatch('layerNorm', a.shape, vector.shape)
    }
  }
  const axes = row.map((_, index) => first + index)
  const centred = sub(a, average(a, axes))
  const variance = average(mul(centred, centred), axes)
  return affine(standardize(centred, variance, epsilon), { scale, bias })
}

/** Settings of `batchNorm`. */
export interface BatchNormOptions extends AffineOptions {
  /** The axis of the channels. Default 1, as in `[rows, channels, ...]`. */
  readonly axis?: number
  /**
   * Mean and variance of each channel, for inference: usually running averages from training. Default:
   * those of the batch, for training.
   */
  readonly statistics?: { readonly mean: GraphValue; readonly variance: GraphValue }
}

/** A normalised batch and the statistics it was normalised with, one of each a channel. */
export interface BatchNorm {
  readonly values: GraphValue
  readonly mean: GraphValue
  /** With batch statistics the biased one: the mean square deviation. */
  readonly variance: GraphValue
}

/**
 * Each channel brought to mean 0 and variance 1, then stretched and shifted by its `scale` and `bias`.
 *
 * Without `statistics` it is in training mode: mean and variance are the batch's own, the gradient
 * passes through them, and they come back so that the caller can keep running averages (in PyTorch of
 * `variance * n / (n - 1)`). A batch with one element a channel gives zeros. With `statistics` it is in
 * inference mode: a row's result does not depend on the others.
 *
 * Source: S. Ioffe and C. Szegedy, Batch Normalization (2015), arXiv 1502.03167, algorithms 1 and 2.
 *
 * @throws AssayError `SHAPE_MISMATCH` where there is no axis but the channels', or a vector has not one
 *   element a channel
 */
export function batchNorm(a: GraphValue, options: BatchNormOptions = {}): BatchNorm {
  const { axis = 1, epsilon = 1e-5, scale, bias, statistics } = options
  const channels = resolveAxis('batchNorm', a, axis)
  const others = a.shape.flatMap((_, each) => (each === channels ? [] : [each]))
  if (others.length === 0) throw shapeMismatch('batchNorm', a.shape)
  /** One element a channel, laid along the channels' axis. */
  const along = (vector: GraphValue) => {
    if (vector.shape.length !== 1 || vector.shape[0] !== a.shape[channels]) {
      throw shapeMismatch('batchNorm', a.shape, vector.shape)
    }
    return unsqueeze(vector, others)
  }
  const mean = statistics ? along(statistics.mean) : average(a, others)
  const centred = sub(a, mean)
  const variance = statistics ? along(statistics.variance) : average(mul(centred, centred), others)
  const values = affine(standardize(centred, variance, epsilon), {
    scale: scale && along(scale),
    bias: bias && along(bias),
  })
  const batch = () => ({ mean: squeeze(mean, others), variance: squeeze(variance, others) })
  return { values, ...(statistics ?? batch()) }
}

const average = (a: GraphValue, axes: readonly number[]): GraphValue =>
  reduceMean(a, { axes, keepDimensions: true })

const standardize = (centred: GraphValue, variance: GraphValue, epsilon: number): GraphValue =>
  div(centred, sqrt(add(variance, epsilon)))

interface Affine {
  readonly scale: GraphValue | undefined
  readonly bias: GraphValue | undefined
}

function affine(a: GraphValue, { scale, bias }: Affine): GraphValue {
  const scaled = scale ? mul(a, scale) : a
  return bias ? add(scaled, bias) : scaled
}
