import { join } from 'node:path'
import { type FeatureSource, featuresFromMatrix } from '@assay/attribution'
import { readLabels } from '@assay/attribution/node'
import { AssayError, type ImageInput, type RgbImage } from '@assay/core'
import { readPictureBank } from '@assay/diffusion/analytic'
import { embedPictures } from '@assay/embed'
import { openCache, readJson } from '@assay/store'
import { bank as bankFolder } from '@assay/tiny-world'
import { type CommandSession, embedsNoPictures } from '../command-session.js'
import { places } from '../places.js'
import { type MosaicLayout, mosaicPictures } from './mosaic-pictures.js'

/** Features of the pictures of AbC-mini. */
export interface SetFeatures {
  readonly exemplars: FeatureSource
  readonly synth: FeatureSource
  readonly pool: FeatureSource
}

/**
 * The pictures of AbC-mini through another encoder than the one whose features it ships, raw.
 *
 * @throws AssayError `MALFORMED_METADATA` for a set whose pictures do not lie with it, `MODEL_UNKNOWN`,
 *   `MODEL_INCOMPATIBLE`
 */
export async function embedMosaics(
  root: string,
  name: string,
  session: CommandSession,
): Promise<SetFeatures> {
  const embedder = await openEmbedder(root, name, session)
  const bank = await readPictureBank(bankFolder, { signal: session.signal })
  const poolIds = bank.captions.map(({ id }) => id)
  const poolPictures = poolIds.map((_, row) => pictureOfPlanes(bank, row))
  return {
    exemplars: await embedPart(root, 'exemplars', embedder),
    synth: await embedPart(root, 'synth', embedder),
    pool: await embedder.embed('pool', inputs(poolIds, poolPictures), new Map()),
  }
}

/** The pictures of one part of AbC-mini in the same way: those of `PART.webp`, which `PART.jsonl` lists. */
export async function embedMosaic(
  root: string,
  { part, encoder }: { readonly part: string; readonly encoder: string },
  session: CommandSession,
): Promise<FeatureSource> {
  return embedPart(root, part, await openEmbedder(root, encoder, session))
}

interface Embedder {
  readonly layout: Omit<MosaicLayout, 'count'>
  embed(part: string, pictures: readonly ImageInput[], groups: Groups): Promise<FeatureSource>
}

async function openEmbedder(
  root: string,
  name: string,
  { openEncoder, progress, signal }: CommandSession,
): Promise<Embedder> {
  const layout = await readLayout(join(root, 'abc-mini.json'))
  const { card, image } = await openEncoder(name, { normalize: false })
  if (image === null) throw embedsNoPictures(card.id)
  const embed = async (part: string, pictures: readonly ImageInput[], groups: Groups) => {
    const { embeddings, failures } = await embedPictures({
      encoder: image,
      pictures,
      cache: openCache(join(places().cache, 'embeddings')),
      normalize: false,
      task: `embed ${part} by ${card.id}`,
      progress,
      signal,
    })
    const [failure] = failures
    if (failure !== undefined) throw notEmbedded(part, failure.id, failures.length)
    return featuresFromMatrix(embeddings, { groups })
  }
  return { layout, embed }
}

async function embedPart(
  root: string,
  part: string,
  { layout, embed }: Embedder,
): Promise<FeatureSource> {
  const { ids, groups } = await readLabels(join(root, `${part}.jsonl`), { ids: null })
  const names = ids ?? []
  const path = join(root, `${part}.webp`)
  const pictures = await mosaicPictures(path, { ...layout, count: names.length })
  return embed(part, inputs(names, pictures), groups)
}

type Groups = FeatureSource['groups']

const inputs = (ids: readonly string[], pictures: readonly RgbImage[]): ImageInput[] =>
  pictures.map((source, row) => ({ id: ids[row] ?? String(row), source }))

async function readLayout(path: string) {
  const { width, height, columns } = (await readJson(path)) as Record<string, unknown> & {
    readonly width?: unknown
    readonly height?: unknown
    readonly columns?: unknown
  }
  const isLayout = [width, height, columns].every((value) => Number.isInteger(value))
  if (isLayout) return { width: Number(width), height: Number(height), columns: Number(columns) }
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${path} tells no layout of pictures: \`width\`, \`height\` and \`columns\`.`,
    value: path,
    remedy: 'Leave out the encoder: the features that lie in the folder are then taken.',
    location: { file: path },
  })
}

/** A picture of the bank, whose colours stand one after the other, with its colours side by side. */
function pictureOfPlanes(
  {
    pixels,
    width,
    height,
  }: { readonly pixels: Uint8Array; readonly width: number; readonly height: number },
  row: number,
): RgbImage {
  const plane = width * height
  const start = row * 3 * plane
  const data = Uint8Array.from(
    { length: 3 * plane },
    (_, at) => pixels[start + (at % 3) * plane + Math.floor(at / 3)]!,
  )
  return { width, height, data }
}

const notEmbedded = (part: string, id: string, count: number): AssayError =>
  new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${count} pictures of ${part} could not be embedded, the first ${JSON.stringify(id)}.`,
    value: id,
    remedy: 'Choose another model: every picture of the set counts.',
    location: { id },
  })
