import type { PictureBank } from './picture-bank.js'

/** Pictures with their edge pixels repeated outwards, so that they can be read shifted. */
export interface ShiftedPictures {
  readonly count: number
  readonly width: number
  readonly height: number
  /** Levels, one picture after another, each as three planes of `rowStride` by `height + 2 shift`. */
  readonly levels: Float32Array
  readonly rowStride: number
  readonly planeStride: number
  /** Places of the shifts in a plane: the picture moved by dx, dy begins at its number. */
  readonly starts: readonly number[]
}

/** Some pictures of a bank, and all shifts of up to `shift` pixels in both directions. */
export function shiftedPictures(
  { width, height, pixels }: PictureBank,
  rows: readonly number[],
  shift: number,
): ShiftedPictures {
  const rowStride = width + 2 * shift
  const planeStride = rowStride * (height + 2 * shift)
  const levels = new Float32Array(rows.length * 3 * planeStride)
  const inside = (at: number, size: number) => Math.min(Math.max(at - shift, 0), size - 1)
  for (let plane = 0; plane < rows.length * 3; plane++) {
    const from = (rows[Math.floor(plane / 3)]! * 3 + (plane % 3)) * width * height
    for (let at = 0; at < planeStride; at++) {
      const y = inside(Math.floor(at / rowStride), height)
      const x = inside(at % rowStride, width)
      levels[plane * planeStride + at] = pixels[from + y * width + x]!
    }
  }
  const span = Array.from({ length: 2 * shift + 1 }, (_, at) => at)
  const starts = span.flatMap((y) => span.map((x) => y * rowStride + x))
  return { count: rows.length, width, height, levels, rowStride, planeStride, starts }
}
