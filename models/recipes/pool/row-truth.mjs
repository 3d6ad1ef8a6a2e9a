// What a drawn picture is: its ground by its pixels, its style and drawings by the composer's own shares.
import { createHash } from 'node:crypto'
import { GROUNDS } from './ground-bank.mjs'

/** A pixel is of a ground when no channel is further off, in levels. */
const TOLERANCE = 24

/**
 * @param picture  an `RgbImage`
 * @param shares   `[[id of the bank's picture, share]]`, ids as `STYLE/NAME/GROUND`
 */
export function rowTruth(picture, shares) {
  const [ground, groundShare] = groundOf(picture)
  const [style, styleShare] = largest(summed(shares, (id) => id.slice(0, id.indexOf('/'))))
  const [drawing, drawingShare] = largest(summed(shares, drawingOf))
  const pixels = createHash('sha256').update(picture.data).digest('hex').slice(0, 12)
  return { ground, groundShare, style, styleShare, drawing, drawingShare, pixels }
}

/** A picture of the built-in bank, on whatever ground. */
export const drawingOf = (id) => id.slice(0, id.lastIndexOf('/'))

/** The commonest ground among the pixels of the edge, with its share of them. */
function groundOf({ width, height, data }) {
  const counts = new Map(Object.keys(GROUNDS).map((name) => [name, 0]))
  const edge = edgePixels(width, height)
  for (const pixel of edge) {
    const found = Object.entries(GROUNDS).find(([, colour]) =>
      colour.every((level, channel) => Math.abs(data[3 * pixel + channel] - level) <= TOLERANCE),
    )
    if (found !== undefined) counts.set(found[0], counts.get(found[0]) + 1)
  }
  const [ground, count] = largest(counts)
  return [ground, count / edge.length]
}

const edgePixels = (width, height) =>
  Array.from({ length: width * height }, (_, pixel) => pixel).filter((pixel) => {
    const [x, y] = [pixel % width, Math.floor(pixel / width)]
    return x === 0 || y === 0 || x === width - 1 || y === height - 1
  })

function summed(shares, keyOf) {
  const sums = new Map()
  for (const [id, share] of shares) sums.set(keyOf(id), (sums.get(keyOf(id)) ?? 0) + share)
  return sums
}

const largest = (map) => [...map].reduce((best, entry) => (entry[1] > best[1] ? entry : best))
