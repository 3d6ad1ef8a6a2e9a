import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pool } from '@assay/tiny-world'
import type { PictureBank } from '../picture-bank.js'

/** A share of pictures with its interval over concepts. */
interface MeasuredShare {
  readonly share: number
  readonly interval95: readonly [number, number]
}

/** What is measured of the prompts that say the ground, the ground and the style, or neither. */
interface MeasuredKind {
  readonly pictures: number
  readonly conceptRead: MeasuredShare
  readonly nearCopies: MeasuredShare
  readonly groundObeyed?: MeasuredShare
  readonly groundRead?: MeasuredShare
  readonly styleObeyed?: MeasuredShare
}

/** What stands in `pool.json` and is tested. */
export interface PoolCard {
  readonly pictures: number
  readonly prompts: number
  readonly concepts: number
  readonly grounds: Readonly<Record<string, readonly number[]>>
  readonly styles: readonly string[]
  readonly encoder: { readonly fingerprint: string }
  readonly generator: {
    readonly fingerprint: string
    readonly bank: string
    readonly steps: number
  }
  readonly measured: {
    readonly distinctPictures: number
    readonly nearCopyCosine: number
    readonly byKind: Readonly<Record<'neither' | 'ground' | 'ground and style', MeasuredKind>>
  }
  readonly files: Readonly<Record<string, string>>
}

/** A line of `prompts.jsonl`. */
export interface PoolPrompt {
  readonly prompt: string
  readonly concept: string
  readonly group: string
  readonly ground: string | null
  readonly style: string | null
  readonly seed: number
  readonly count: number
}

/** A line of `rows.csv`, with the prompt that its seed belongs to. */
export interface PoolRow {
  readonly seed: number
  readonly asked: PoolPrompt
  readonly ground: string
  readonly groundShare: number
  readonly style: string
  readonly styleShare: number
  readonly drawing: string
  readonly drawingShare: number
  readonly copyCosine: number
  readonly pixels: string
}

const read = (file: string): Buffer => readFileSync(join(pool, file))
const linesOf = (file: string): string[] => read(file).toString().trim().split('\n')

export const card = JSON.parse(read('pool.json').toString()) as PoolCard

export const prompts = linesOf('prompts.jsonl').map((line) => JSON.parse(line) as PoolPrompt)

const askedBySeed = new Map(
  prompts.flatMap((asked) =>
    Array.from({ length: asked.count }, (_, at) => [asked.seed + at, asked] as const),
  ),
)

export const header = linesOf('rows.csv')[0]

export const rows: readonly PoolRow[] = linesOf('rows.csv')
  .slice(1)
  .map((line) => {
    const [seed, ground, groundShare, style, styleShare, drawing, drawingShare, cosine, pixels] =
      line.split(',')
    return {
      seed: Number(seed),
      asked: askedBySeed.get(Number(seed)) as PoolPrompt,
      ground: String(ground),
      groundShare: Number(groundShare),
      style: String(style),
      styleShare: Number(styleShare),
      drawing: String(drawing),
      drawingShare: Number(drawingShare),
      copyCosine: Number(cosine),
      pixels: String(pixels),
    }
  })

export const sha256Of = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex')

export const fileHash = (file: string): string => sha256Of(read(file))

/** Bytes of all files in the folder. */
export const totalBytes = (): number =>
  readdirSync(pool)
    .map((name) => statSync(join(pool, name)).size)
    .reduce((sum, size) => sum + size, 0)

/** The bank that the pool was drawn from, as its recipe makes it from the built-in one. */
export async function openPoolBank(): Promise<PictureBank> {
  const recipe = (name: string): Promise<unknown> =>
    import(new URL(`../../../../../models/recipes/pool/${name}.mjs`, import.meta.url).href)
  const { groundBank } = (await recipe('ground-bank')) as {
    groundBank: (concepts: readonly string[]) => Promise<PictureBank>
  }
  const { poolConcepts } = (await recipe('design')) as { poolConcepts: () => readonly string[] }
  return groundBank(poolConcepts())
}
