import { AssayError } from '@assay/core'
import type { FloatImage } from '../pixels/float-image.js'
import type { ScorePictures } from '../score/score-pictures.js'
import type { PixelAttackLimits } from './attack-options.js'
import { AttackRun } from './attack-run.js'

/** Starts an attack on the pixels of a picture. @throws AssayError `IMAGE_CORRUPT`, `INVALID_ARGUMENT` */
export function startPictureRun(
  options: PixelAttackLimits,
  score: ScorePictures,
): Promise<AttackRun> {
  const { picture, norm = 'l2', eightBit = false, signal } = options
  assertPicture(picture)
  const { width, height } = picture
  // An attack on 8-bit pictures begins at one.
  const origin = eightBit
    ? picture.data.map((value) => Math.round(value * 255) / 255)
    : picture.data.slice()
  return AttackRun.start({
    ...options,
    origin,
    norm,
    eightBit,
    pixels: true,
    scores: (points) =>
      score(
        points.map((data) => ({ width, height, data })),
        signal ? { signal } : {},
      ),
  })
}

function assertPicture({ width, height, data }: FloatImage): void {
  const inRange = data.every((value) => value >= 0 && value <= 1)
  if (data.length > 0 && data.length === width * height * 3 && inRange) return
  throw new AssayError({
    code: 'IMAGE_CORRUPT',
    message: `A picture of ${width} x ${height} pixels with ${data.length} values cannot be attacked.`,
    value: data.length,
    remedy: 'Give three values a pixel in [0, 1]; `toFloatImage` makes them of 8-bit pixels.',
  })
}
