/** Pictures of two classes, as clouds of equal noise some way apart. */
export interface DirectionRecoveryOptions {
  /** Length of an embedding. */
  readonly dimensions: number
  /** Pictures a class. */
  readonly picturesPerClass: number
  /** Distance between the means of the classes. */
  readonly shift: number
  /** Standard deviation of each coordinate within a class, in the unit of `shift`. */
  readonly noise: number
}

/**
 * The cosine that {@link meanDifferenceDirection} has with the true direction, near enough:
 * 1 / √(1 + 2 s² d / (N D²)). It tells how many pictures are worth collecting before tuning may move
 * vectors far from the words.
 *
 * Source: the variance of a difference of means, 2 s² / N a coordinate, beside the squared shift.
 */
export function directionRecovery(options: DirectionRecoveryOptions): number {
  const { dimensions, picturesPerClass, shift, noise } = options
  return 1 / Math.sqrt(1 + (2 * noise ** 2 * dimensions) / (picturesPerClass * shift ** 2))
}
