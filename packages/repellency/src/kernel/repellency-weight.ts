/**
 * How far a reference pushes, in differences from it: relu(r / d - 1), so that one reference alone moves a
 * prediction exactly onto its sphere, and 0 outside it.
 *
 * Source: Kirchhof et al., Shielded Diffusion (2025), the repellency term.
 */
export function repellencyWeight(distance: number, radius: number): number {
  return Math.max(0, radius / distance - 1)
}
