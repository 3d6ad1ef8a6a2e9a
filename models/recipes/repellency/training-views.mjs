// The training pictures of the tiny diffusion as it saw them, as vectors: mirrored, and moved on white.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tinyDiffusion } from '../../tiny-world/index.js'
import { bankVector } from './vectors.mjs'

const read = () => JSON.parse(readFileSync(join(tinyDiffusion, 'training-set.json'), 'utf8'))

/** Rows of the bank. */
export function trainingRows({ captions }) {
  const rows = new Map(captions.map(({ id }, row) => [id, row]))
  return read().pictures.map((id) => rows.get(id))
}

export function trainingViews(bank) {
  const { mirrored, moved } = read()
  const steps = Array.from({ length: 2 * moved + 1 }, (_, at) => at - moved)
  const sides = mirrored ? [false, true] : [false]
  return trainingRows(bank).flatMap((row) => {
    const picture = bankVector(bank, row)
    return sides.flatMap((side) =>
      steps.flatMap((down) => steps.map((right) => viewOf(picture, bank, { side, right, down }))),
    )
  })
}

function viewOf(picture, { width, height }, { side, right, down }) {
  return picture.map((_, at) => {
    const [x, y] = [at % width, Math.floor(at / width) % height]
    const fromX = side ? width - 1 - (x - right) : x - right
    const fromY = y - down
    const isWithin = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height
    return isWithin ? picture[at + (fromY - y) * width + fromX - x] : 1
  })
}
