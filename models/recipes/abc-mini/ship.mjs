// Puts the set together: atlases, rows, embeddings, splits, and the card that describes them with hashes.
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createComposer, readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { bank as bankFolder, tinyClip } from '../../tiny-world/index.js'
import { fromText, mosaic } from '../drawing/picture-bytes.mjs'
import { countsOf, retrievalOf, shareQuantiles } from './card.mjs'
import { matrixFile, openTinyClip } from './embeddings.mjs'
import { grouped } from './grouped.mjs'
import { composerRows, splitsOf, tunedRows } from './records.mjs'
import { smallPictures } from './rendered.mjs'
import { nearDuplicates } from './retrieval.mjs'

const SIDE = 32
const COLUMNS = 64

/** Writes everything but the README. */
export async function ship({ data, out, models, results, tuned }) {
  const bank = await readPictureBank(bankFolder)
  const exemplars = models.flatMap(({ exemplars: own }) => own)
  const rows = { synth: composerRows(models, results), tuned: tunedRows(tuned) }
  const splits = splitsOf(models, [...rows.synth, ...rows.tuned], tuned)
  const parts = {
    exemplars: await exemplarPictures(data, exemplars),
    synth: drawnPictures(rows.synth),
    ...(tuned.length > 0 && { tuned: drawnPictures(rows.tuned) }),
    pool: bank.captions.map(({ id }, row) => ({ id, source: bankPicture(bank, row) })),
  }
  const encoder = await openTinyClip()
  const embedded = await embedParts(encoder, parts)
  const threshold = await nearDuplicateThreshold()
  const near = nearDuplicates(embedded.exemplars, embedded.pool, threshold)
  const lines = {
    exemplars: exemplarLines(exemplars, near, await bankConcepts()),
    synth: rows.synth.map(({ row }) => row),
    tuned: rows.tuned.map(({ row }) => row),
  }
  const files = await fileWriter(out)
  const { id, space, fingerprint } = encoder
  for (const [part, pictures] of Object.entries(parts)) {
    await files.write(
      `${part}.safetensors`,
      matrixFile(embedded[part], { fingerprint, normalized: true }),
    )
    if (part === 'pool') continue
    const sources = pictures.map(({ source }) => source)
    await files.write(`${part}.webp`, await mosaic(sources, COLUMNS))
    await files.write(`${part}.jsonl`, jsonLines(lines[part]))
  }
  for (const [name, list] of splits) await files.write(`splits/${name}.json`, splitText(list))
  const card = {
    schemaVersion: 1,
    id: 'assay/abc-mini',
    width: SIDE,
    height: SIDE,
    columns: COLUMNS,
    encoder: { id, space, fingerprint, normalized: true },
    composer: {
      bank: bank.fingerprint,
      fingerprint: createComposer({ bank, textEncoder: encoder.text }).fingerprint,
    },
    tuned: tuned[0]?.settings ?? null,
    nearDuplicateCosine: threshold,
    counts: countsOf({ models, exemplars, rows, tuned }),
    exemplarShare: shareQuantiles(models, lines.synth),
    retrieval: retrievalOf({ splits, drawn: lines.synth, embedded, near }),
    files: files.written,
  }
  await writeFile(join(out, 'abc-mini.json'), `${JSON.stringify(card, null, 1)}\n`)
  await encoder.close()
  return card
}

async function exemplarPictures(data, exemplars) {
  const pictures = await smallPictures(
    data,
    exemplars.map(({ index }) => index),
  )
  return exemplars.map(({ id }, at) => ({ id, source: pictures[at] }))
}

const drawnPictures = (rows) =>
  rows.map(({ row: { id }, pixels }) => ({ id, source: fromText(pixels, SIDE, SIDE) }))

async function embedParts({ embed }, parts) {
  const embedded = {}
  for (const [part, pictures] of Object.entries(parts)) {
    embedded[part] = await embed(pictures)
    console.log('embedded', part, pictures.length)
  }
  return embedded
}

/** A picture of the bank, planes to pixels. */
export function bankPicture({ pixels }, row) {
  const plane = SIDE * SIDE
  const from = row * 3 * plane
  const data = Uint8Array.from(
    { length: 3 * plane },
    (_, at) => pixels[from + (at % 3) * plane + Math.floor(at / 3)],
  )
  return { width: SIDE, height: SIDE, data }
}

const jsonOf = async (...path) => JSON.parse(await readFile(join(...path), 'utf8'))

export const nearDuplicateThreshold = async () =>
  (await jsonOf(tinyClip, 'card.json')).nearDuplicate.threshold

/** Rows of the bank by concept. */
async function bankConcepts() {
  const text = await readFile(join(bankFolder, 'pictures.jsonl'), 'utf8')
  const rows = text.trim().split('\n').map(JSON.parse)
  return grouped(rows.keys(), (row) => rows[row].concept)
}

/** What ships of an exemplar; rows of the pool stand for its pictures. */
const exemplarLines = (exemplars, near, concepts) =>
  exemplars.map(({ index, ...told }, at) => ({
    ...told,
    poolSameConcept: concepts.get(told.concept) ?? [],
    poolNearDuplicates: near[at],
  }))

const jsonLines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** One model a line. */
const splitText = (list) => `[\n${list.map((model) => JSON.stringify(model)).join(',\n')}\n]\n`

async function fileWriter(out) {
  const written = {}
  const write = async (path, content) => {
    const bytes = Buffer.from(content)
    await mkdir(dirname(join(out, path)), { recursive: true })
    await writeFile(join(out, path), bytes)
    written[path] = createHash('sha256').update(bytes).digest('hex')
    console.log(path, bytes.length)
  }
  return { write, written }
}
