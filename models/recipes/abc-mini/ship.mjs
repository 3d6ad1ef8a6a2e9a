// Puts the set together: atlases, rows, raw embeddings, splits, and the card that describes them with hashes.
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
  const rows = [...composerRows(models, results), ...tunedRows(tuned)]
  const splits = splitsOf(models, rows, tuned)
  const exemplars = models.flatMap(({ exemplars: own }) => own)
  const bank = await readPictureBank(bankFolder)
  const images = {
    exemplars: await smallPictures(
      data,
      exemplars.map(({ index }) => index),
    ),
    synth: rows.map(({ pixels }) => fromText(pixels, SIDE, SIDE)),
    pool: bank.captions.map((_, row) => bankPicture(bank, row)),
  }
  const ids = {
    exemplars: exemplars.map(({ id }) => id),
    synth: rows.map(({ row }) => row.id),
    pool: bank.captions.map(({ id }) => id),
  }
  const encoder = await openTinyClip()
  const embedded = await embedParts(encoder, ids, images)
  const threshold = await nearDuplicateThreshold()
  const near = nearDuplicates(embedded.exemplars, embedded.pool, threshold)
  const lines = exemplarLines(exemplars, near, await bankConcepts())
  const files = await fileWriter(out)
  await files.write('exemplars.webp', await mosaic(images.exemplars, COLUMNS))
  await files.write('exemplars.jsonl', jsonLines(lines))
  await files.write('synth.webp', await mosaic(images.synth, COLUMNS))
  await files.write('synth.jsonl', jsonLines(rows.map(({ row }) => row)))
  for (const [part, matrix] of Object.entries(embedded)) {
    await files.write(`${part}.safetensors`, matrixFile(matrix, encoder.fingerprint))
  }
  for (const [name, list] of splits) await files.write(`splits/${name}.json`, splitText(list))
  const { id, space, fingerprint } = encoder
  const card = {
    schemaVersion: 1,
    id: 'assay/abc-mini',
    width: SIDE,
    height: SIDE,
    columns: COLUMNS,
    encoder: { id, space, fingerprint, normalized: false },
    composer: {
      bank: bank.fingerprint,
      fingerprint: createComposer({ bank, textEncoder: encoder.text }).fingerprint,
    },
    tuned: tuned[0]?.settings ?? null,
    nearDuplicateCosine: threshold,
    counts: countsOf({ models, exemplars, rows, tuned }),
    exemplarShare: shareQuantiles(models, rows),
    retrieval: retrievalOf({ splits, ids, embedded, near }),
    files: files.written,
  }
  await writeFile(join(out, 'abc-mini.json'), `${JSON.stringify(card, null, 1)}\n`)
  await encoder.close()
  return card
}

async function embedParts({ embed }, ids, images) {
  const parts = {}
  for (const part of Object.keys(ids)) {
    parts[part] = await embed(images[part].map((source, at) => ({ id: ids[part][at], source })))
    console.log('embedded', part, ids[part].length)
  }
  return parts
}

/** A picture of the bank, planes to pixels. */
function bankPicture({ pixels }, row) {
  const plane = SIDE * SIDE
  const from = row * 3 * plane
  const data = Uint8Array.from(
    { length: 3 * plane },
    (_, at) => pixels[from + (at % 3) * plane + Math.floor(at / 3)],
  )
  return { width: SIDE, height: SIDE, data }
}

const jsonOf = async (...path) => JSON.parse(await readFile(join(...path), 'utf8'))

const nearDuplicateThreshold = async () =>
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
