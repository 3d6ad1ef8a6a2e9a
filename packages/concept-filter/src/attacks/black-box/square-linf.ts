import { randomCorner, randomSign, type SquareCanvas, windowValues } from './square-window.js'

/** Where the L-infinity attack begins: vertical stripes a pixel wide, each colour at the radius. */
export function stripes(canvas: SquareCanvas): Float64Array {
  const row = Array.from({ length: canvas.width * 3 }, () => randomSign(canvas) * canvas.radius)
  return Float64Array.from({ length: row.length * canvas.height }, (_, at) => row[at % row.length]!)
}

/** The change with one random square, each of its colours at the radius, up or down. */
export function changeColours(
  change: Float64Array,
  canvas: SquareCanvas,
  side: number,
): Float64Array {
  const corner = randomCorner(canvas, side)
  const next = change.slice()
  for (let colour = 0; colour < 3; colour += 1) {
    const value = randomSign(canvas) * canvas.radius
    for (const at of windowValues(canvas, corner, { side, colour })) next[at] = value
  }
  return next
}
