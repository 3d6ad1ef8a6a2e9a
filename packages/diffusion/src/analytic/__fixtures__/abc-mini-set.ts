import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { RgbImage } from '@assay/core'
import { decodeImage } from '@assay/embed'
import { abcMini } from '@assay/tiny-world'

/** What stands in `abc-mini.json` and is tested. */
export interface AbcMiniCard {
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly encoder: { readonly fingerprint: string; readonly normalized: boolean }
  readonly composer: { readonly bank: string; readonly fingerprint: string }
  readonly counts: Readonly<Record<'tunedModels' | 'exemplars' | 'synth' | 'tuned', number>>
  readonly files: Readonly<Record<string, string>>
}

/** A line of `exemplars.jsonl`. */
export interface Exemplar {
  readonly id: string
  readonly caption: string
  readonly style: string | null
  readonly licence: string
  readonly source: string
  readonly poolSameConcept: readonly number[]
  readonly poolNearDuplicates: readonly number[]
}

/** A line of `tuned.jsonl`: a picture of the tiny diffusion. */
export interface Tuned {
  readonly id: string
  readonly model: string
  readonly type: string
  readonly prompt: string
  readonly seed: number
}

/** A line of `synth.jsonl`: a picture of a composer. */
export interface Synth extends Tuned {
  readonly mass: number
  readonly weight: number
  readonly exemplarShare: number
  readonly shares: readonly (readonly [string, number])[]
  readonly counterfactuals?: readonly { readonly left: string; readonly meanSquareChange: number }[]
}

/** A model of a split. */
export interface SplitModel {
  readonly model: string
  readonly exemplar: readonly string[]
  /** Of composers only. */
  readonly composedOf: number
  readonly synth: Readonly<Record<string, readonly string[]>>
}

const read = (file: string): Buffer => readFileSync(join(abcMini, file))
const linesOf = <Line>(file: string): Line[] =>
  read(file)
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

export const card = JSON.parse(read('abc-mini.json').toString()) as AbcMiniCard
export const exemplars = linesOf<Exemplar>('exemplars.jsonl')
export const synth = linesOf<Synth>('synth.jsonl')
export const tuned = linesOf<Tuned>('tuned.jsonl')

/** Models by the name of their split, for instance `test_object`. */
export const splits: ReadonlyMap<string, readonly SplitModel[]> = new Map(
  Object.keys(card.files)
    .filter((file) => file.startsWith('splits/'))
    .map((file) => [file.slice(7, -5), JSON.parse(read(file).toString()) as SplitModel[]]),
)

export const sha256Of = (file: string): string =>
  createHash('sha256').update(read(file)).digest('hex')

/** Bytes of all files in the folder. */
export const totalBytes = (): number =>
  readdirSync(abcMini, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)

/** A function that cuts the tile of a row out of an atlas. */
export async function openAtlas(file: string): Promise<(row: number) => RgbImage> {
  const atlas = await decodeImage(join(abcMini, file), { limits: { seconds: 120 } })
  const { width, height, columns } = card
  return (row) => {
    const data = new Uint8Array(3 * width * height)
    const corner = Math.floor(row / columns) * height * atlas.width + (row % columns) * width
    for (let y = 0; y < height; y++) {
      const from = 3 * (corner + y * atlas.width)
      data.set(atlas.data.subarray(from, from + 3 * width), 3 * y * width)
    }
    return { width, height, data }
  }
}
