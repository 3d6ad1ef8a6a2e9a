import type { Random } from '@assay/core'

/** Where squares are drawn. */
export interface SquareCanvas {
  readonly width: number
  readonly height: number
  readonly radius: number
  readonly random: Random
}

/** A square's upper left corner. */
export interface Corner {
  readonly left: number
  readonly top: number
}

/** A corner drawn evenly from those at which a square of this side fits. */
export function randomCorner({ width, height, random }: SquareCanvas, side: number): Corner {
  return { left: random.integer(width - side + 1), top: random.integer(height - side + 1) }
}

/** Indices of one colour's values in a square, row after row. */
export function windowValues(
  { width }: SquareCanvas,
  { left, top }: Corner,
  { side, colour }: { readonly side: number; readonly colour: number },
): number[] {
  return Array.from({ length: side * side }, (_, at) => {
    const row = top + Math.floor(at / side)
    return (row * width + left + (at % side)) * 3 + colour
  })
}

/** -1 or 1. */
export const randomSign = ({ random }: Pick<SquareCanvas, 'random'>) =>
  random.uniform() < 0.5 ? -1 : 1
