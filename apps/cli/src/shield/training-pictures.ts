import { join } from 'node:path'
import { AssayError, type RgbImage } from '@assay/core'
import { type PictureBank, readPictureBank } from '@assay/diffusion/analytic'
import { readJson } from '@assay/store'
import { bank as bankFolder, tinyDiffusion } from '@assay/tiny-world'
import type { SourcePicture } from './source-pictures.js'

/** What `training-set.json` of the tiny diffusion says. */
interface TrainingSet {
  /** Ids of the bank. */
  readonly pictures: readonly string[]
  /** Whether it saw them mirrored as well. */
  readonly mirrored: boolean
  /** By how many pixels it saw them moved, in every direction, on white. */
  readonly moved: number
}

/**
 * The pictures that a built-in generator was made from, as it saw them: those of the tiny diffusion also
 * mirrored and moved by a pixel.
 *
 * @throws AssayError `CONFIG_INVALID` for another generator, and what reading the bank throws
 */
export async function trainingPictures(
  model: string,
  signal: AbortSignal,
): Promise<readonly SourcePicture[]> {
  const known = ['assay/composer', 'assay/memoriser', 'assay/tiny-diffusion']
  if (!known.includes(model)) throw unknownSet(model, known)
  const bank = await readPictureBank(bankFolder, { signal })
  const rows = new Map(bank.captions.map(({ id }, row) => [id, row]))
  if (model !== 'assay/tiny-diffusion') {
    return [...rows].map(([id, row]) => sourceOf(id, () => bankPicture(bank, row)))
  }
  const path = join(tinyDiffusion, 'training-set.json')
  const { pictures, mirrored, moved } = (await readJson(path)) as TrainingSet // Ours, as published.
  return pictures.flatMap((id) =>
    viewsOf({ mirrored, moved }).map((view) =>
      sourceOf(`${id}${nameOf(view)}`, () => viewed(bankPicture(bank, rows.get(id) ?? 0), view)),
    ),
  )
}

const sourceOf = (id: string, image: () => RgbImage): SourcePicture => ({
  id,
  prompt: null,
  decode: async () => image(),
})

/** How a picture was changed before it was shown. */
interface View {
  readonly mirrored: boolean
  readonly right: number
  readonly down: number
}

function viewsOf({ mirrored, moved }: Pick<TrainingSet, 'mirrored' | 'moved'>): readonly View[] {
  const steps = Array.from({ length: 2 * moved + 1 }, (_, at) => at - moved)
  const sides = mirrored ? [false, true] : [false]
  return sides.flatMap((side) =>
    steps.flatMap((down) => steps.map((right) => ({ mirrored: side, right, down }))),
  )
}

function nameOf({ mirrored, right, down }: View): string {
  const changes = [
    ...(mirrored ? ['mirrored'] : []),
    ...(right === 0 && down === 0 ? [] : [`moved ${right} ${down}`]),
  ]
  return changes.length === 0 ? '' : ` (${changes.join(', ')})`
}

/** A picture of the bank, its planes as pixels. */
function bankPicture({ width, height, pixels }: PictureBank, row: number): RgbImage {
  const plane = width * height
  const data = new Uint8Array(3 * plane)
  for (let at = 0; at < data.length; at += 1) {
    data[at] = pixels[(3 * row + (at % 3)) * plane + Math.floor(at / 3)]!
  }
  return { width, height, data }
}

function viewed({ width, height, data }: RgbImage, view: View): RgbImage {
  const seen = new Uint8Array(data.length).fill(255)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const fromX = view.mirrored ? width - 1 - (x - view.right) : x - view.right
      const fromY = y - view.down
      if (fromX < 0 || fromX >= width || fromY < 0 || fromY >= height) continue
      const from = 3 * (fromY * width + fromX)
      seen.set(data.subarray(from, from + 3), 3 * (y * width + x))
    }
  }
  return { width, height, data: seen }
}

const unknownSet = (model: string, known: readonly string[]): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `What ${model} was trained on is not known here.`,
    value: model,
    remedy: `Name a folder of its training pictures by --protect; \`training\` stands for those of ${known.join(', ')}.`,
  })
