/**
 * The length of the shortest noise on an embedding that reaches the boundary of the decision: the distance
 * to a cone, norm x sin(min(|θ* - θ|, π / 2)). Any shorter noise leaves the decision as it is; noise of this
 * length and a little more, in the right direction, changes it. It needs two dimensions or more.
 *
 * @param angle θ, between the embedding and w
 * @param boundary θ*, between w and the boundary
 *
 * Source: geometry; at a confidence of one half it is |x · w| / |w|, the distance to a hyperplane.
 */
export function exactRadius(angle: number, boundary: number, norm: number): number {
  return norm * Math.sin(Math.min(Math.abs(boundary - angle), Math.PI / 2))
}
