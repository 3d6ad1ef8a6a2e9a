/** Weights of a map, row-major, in the precision they were trained in. */
export type Weights = Float32Array | Float64Array

/** Lengths of the vectors that a map takes and gives. */
interface MapShape {
  /** Features of a row before the map. */
  readonly columns: number
  /** Numbers of a row after it. */
  readonly outputColumns: number
}

/** `W x + b`: the head of the paper (Wang et al. 2023), the identity before it is trained. */
export interface LinearMap extends MapShape {
  readonly form: 'linear'
  /** `W`, `[outputColumns, columns]`. */
  readonly weight: Weights
  /** `b`, `[outputColumns]`. */
  readonly bias: Weights
}

/** One factor a feature: an ablation of the paper, which cannot turn directions. */
export interface ChannelMap extends MapShape {
  readonly form: 'channel'
  /** `[columns]`; all 1 before training. `outputColumns` equals `columns`. */
  readonly scale: Weights
}

/** A layer of an `MlpMap`: a product without bias, and a batch normalisation. */
export interface MlpLayer {
  /** `[outputs, inputs]`. */
  readonly weight: Weights
  /** Mean of each output over the training rows, `[outputs]`. */
  readonly mean: Weights
  /** Variance of each output over the training rows, `[outputs]`; 1e-5 is added to it. */
  readonly variance: Weights
  /** Learned factors and shifts after the normalisation, `[outputs]` each; null in the last layer. */
  readonly scale: Weights | null
  readonly shift: Weights | null
}

/** Layers with a ReLU between each two: an ablation of the paper. It does not begin as the identity. */
export interface MlpMap extends MapShape {
  readonly form: 'mlp'
  /** At least one. */
  readonly layers: readonly MlpLayer[]
}

/** How one side of a head maps features, before the rows are brought to unit length. */
export type FeatureMap = LinearMap | ChannelMap | MlpMap

/** Added to variances, as `torch.nn.BatchNorm1d` does. */
export const batchNormEpsilon = 1e-5
