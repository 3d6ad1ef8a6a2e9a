import { perturbationSize } from '../search/perturbation.js'
import {
  type Corner,
  randomCorner,
  randomSign,
  type SquareCanvas,
  windowValues,
} from './square-window.js'

/** Side of the squares that the first candidate is tiled with. */
const FIRST_SIDE = 5

/** Where the L2 attack begins: a grid of humps of random sign that fill the radius together. */
export function squareGrid(canvas: SquareCanvas): Float64Array {
  const { width, height, radius } = canvas
  const side = Math.min(FIRST_SIDE, width, height)
  const grid = new Float64Array(width * height * 3)
  for (let top = 0; top + side <= height; top += side) {
    for (let left = 0; left + side <= width; left += side) {
      for (let colour = 0; colour < 3; colour += 1) {
        const [hump, sign] = [humps(side, canvas), randomSign(canvas)]
        const places = windowValues(canvas, { left, top }, { side, colour })
        places.forEach((place, at) => {
          grid[place] = sign * hump[at]!
        })
      }
    }
  }
  const scale = radius / perturbationSize(grid, 'l2')
  return grid.map((value) => value * scale)
}

/**
 * The change with what is in one random square taken out, and its length, with all that the radius has
 * left, put into another one as a hump on top of what is there.
 */
export function moveSquare(change: Float64Array, canvas: SquareCanvas, side: number): Float64Array {
  const [to, from] = [randomCorner(canvas, side), randomCorner(canvas, side)]
  const unused = canvas.radius ** 2 - perturbationSize(change, 'l2') ** 2
  const hump = unitLength(humps(side, canvas))
  const next = change.slice()
  for (let colour = 0; colour < 3; colour += 1) {
    const places = windowValues(canvas, to, { side, colour })
    const emptied = windowValues(canvas, from, { side, colour })
    const union = [...new Set([...places, ...emptied])].map((at) => change[at]!)
    const length = Math.sqrt(
      union.reduce((sum, value) => sum + value * value, 0) + Math.max(0, unused) / 3,
    )
    const sign = randomSign(canvas)
    const here = unitLength(places.map((at) => change[at]!))
    const shape = unitLength(hump.map((value, at) => sign * value + here[at]!))
    for (const at of emptied) next[at] = 0
    places.forEach((place, at) => {
      next[place] = shape[at]! * length
    })
  }
  return next
}

/** Two humps of opposite sign side by side, across or down: the shape of a square, row after row. */
function humps(side: number, { random }: Pick<SquareCanvas, 'random'>): number[] {
  const first = Math.floor(side / 2)
  const across = random.uniform() < 0.5
  return Array.from({ length: side * side }, (_, at) => {
    const corner: Corner = { left: at % side, top: Math.floor(at / side) }
    const [row, column] = across ? [corner.top, corner.left] : [corner.left, corner.top]
    return column < first
      ? humpHeight(row, column, { rows: side, columns: first })
      : -humpHeight(row, column - first, { rows: side, columns: side - first })
  })
}

/** The height of a hump over a rectangle at a cell: falls from the middle like the sum of 1 / distance². */
function humpHeight(
  row: number,
  column: number,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): number {
  const half = Math.floor(rows / 2)
  const away = Math.max(Math.abs(row - half), Math.abs(column - Math.floor(columns / 2)))
  let height = 0
  for (let ring = 0; ring <= half - away; ring += 1) height += 1 / (half + 1 - ring) ** 2
  return height
}

function unitLength(values: readonly number[]): number[] {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return length === 0 ? [...values] : values.map((value) => value / length)
}
