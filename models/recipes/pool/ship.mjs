// Puts the pool together: prompts, rows, embeddings, and the card that describes and measures them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256, writeFileAtomic } from '../../../packages/store/dist/index.js'
import { bank as bankFolder, tinyClip } from '../../tiny-world/index.js'
import { matrixFile, openTinyClip } from '../abc-mini/embeddings.mjs'
import { fromText } from '../drawing/picture-bytes.mjs'
import { copiesOf, siblingCosines } from './copies.mjs'
import { poolConcepts, STYLES } from './design.mjs'
import { bankImage, GROUNDS, partsOf } from './ground-bank.mjs'
import { measurePool } from './measure.mjs'
import { openPoolComposer, STEPS } from './open-pool-composer.mjs'
import { readPictures } from './read-pictures.mjs'
import { rowTruth } from './row-truth.mjs'

const concepts = poolConcepts()
const grounds = Object.keys(GROUNDS)

/**
 * Writes everything but the README, and resolves to the card.
 *
 * @param drawn what `drawPool` gives
 */
export async function shipPool({ out, drawn }) {
  const composer = await openPoolComposer()
  const rows = rowsOf(drawn, composer.bank)
  const { encoder, embeddings, copies, read, drawings } = await judge(rows, composer.bank)
  const measured = measurePool({
    rows: rows.map((row, at) => ({ ...row, ...copies[at], read: read[at] })),
    drawings,
    ...{ concepts: concepts.length, grounds: grounds.length, styles: STYLES.length },
    threshold: (await jsonOf(tinyClip, 'card.json')).nearDuplicate.threshold,
  })
  const files = await writeFiles(out, {
    'prompts.jsonl': await promptLines(drawn),
    'rows.csv': csvOf(
      rows.map(({ id, truth }, at) => ({ ...truth, seed: id, copyCosine: copies[at].copyCosine })),
    ),
    'embeddings.safetensors': matrixFile(embeddings, encoder),
  })
  const card = {
    schemaVersion: 1,
    id: 'assay/pool',
    pictures: rows.length,
    prompts: drawn.length,
    concepts: concepts.length,
    ...{ width: composer.bank.width, height: composer.bank.height },
    ...{ grounds: GROUNDS, styles: STYLES },
    encoder,
    generator: {
      ...{ id: composer.id, fingerprint: composer.fingerprint },
      ...{ bank: composer.bank.fingerprint, steps: STEPS },
    },
    measured,
    files,
  }
  await writeFileAtomic(join(out, 'pool.json'), `${JSON.stringify(card, null, 1)}\n`)
  return card
}

/** One a picture, in the order of seeds. */
const rowsOf = (drawn, { width, height }) =>
  drawn.flatMap(({ rows, ...asked }) =>
    rows.map(({ pixels, shares }, at) => {
      const picture = fromText(pixels, width, height)
      const truth = rowTruth(picture, shares)
      return { id: String(asked.seed + at), asked, picture, shares, truth }
    }),
  )

/** What the tiny CLIP makes of the pictures. */
async function judge(rows, bank) {
  const { embed, text, close, ...encoder } = await openTinyClip()
  const embeddings = await embed(rows.map(({ id, picture }) => ({ id, source: picture })))
  const bankEmbeddings = await embed(
    bank.captions.map(({ id }, row) => ({ id, source: bankImage(bank, row) })),
  )
  const readAll = (pictures, asked) =>
    readPictures({ text, pictures, asked, concepts, grounds, styles: STYLES })
  const asked = rows.map((row) => row.asked)
  const read = await readAll(embeddings, asked)
  const drawings = bank.captions.map(({ caption }) => ({ ...partsOf(caption), style: null }))
  const drawingsRead = await readAll(bankEmbeddings, drawings)
  await close()
  return {
    encoder: { ...encoder, normalized: true },
    embeddings,
    read,
    copies: copiesOf({ rows, embeddings, bank, bankEmbeddings }),
    drawings: {
      siblings: siblingCosines({ bank, bankEmbeddings }),
      ranks: drawingsRead.map(({ rank }) => rank),
    },
  }
}

async function promptLines(drawn) {
  const text = await readFile(join(bankFolder, 'pictures.jsonl'), 'utf8')
  const pictures = text.trim().split('\n').map(JSON.parse)
  const groups = new Map(pictures.map(({ name, group }) => [name, group]))
  const lines = drawn.map(({ prompt, concept, ground, style, seed, count }) =>
    JSON.stringify({ prompt, concept, group: groups.get(concept), ground, style, seed, count }),
  )
  return `${lines.join('\n')}\n`
}

const decimals = (places) => (value) => Number(value.toFixed(places))
const asItIs = (value) => value
const COLUMNS = {
  seed: asItIs,
  ground: asItIs,
  groundShare: decimals(3),
  style: asItIs,
  styleShare: decimals(3),
  drawing: asItIs,
  drawingShare: decimals(3),
  copyCosine: decimals(4),
  pixels: asItIs,
}

function csvOf(rows) {
  const columns = Object.entries(COLUMNS)
  const lines = rows.map((row) => columns.map(([name, told]) => told(row[name])).join(','))
  return `${[Object.keys(COLUMNS).join(','), ...lines].join('\n')}\n`
}

const jsonOf = async (...path) => JSON.parse(await readFile(join(...path), 'utf8'))

/** Writes the files, and resolves to their hashes. */
async function writeFiles(out, contents) {
  const hashes = {}
  for (const [path, content] of Object.entries(contents)) {
    await writeFileAtomic(join(out, path), content)
    hashes[path] = sha256(content)
    console.log(path, content.length)
  }
  return hashes
}
