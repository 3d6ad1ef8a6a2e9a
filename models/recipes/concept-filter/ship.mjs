// Puts the experiment together: the pictures' prompts, seeds and truth, their raw embeddings, and the card.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256, writeFileAtomic } from '../../../packages/store/dist/index.js'
import { bank as bankFolder, greyClip, tinyClip } from '../../tiny-world/index.js'
import { matrixFile, openClip } from '../abc-mini/embeddings.mjs'
import { fromText } from '../drawing/picture-bytes.mjs'
import { openGenerators } from './generators.mjs'
import { PAIRS } from './pairs.mjs'

const SIDE = 32

/** The picture that flagged ones are replaced with. */
const REPLACEMENT = { id: 'replacement', colour: [128, 128, 128] }

/**
 * Writes everything but the README, and resolves to the card.
 *
 * @param drawn       what `drawPictures` gives
 * @param adversarial what `attackPrompts` gives
 */
export async function shipExperiment({ out, drawn, adversarial }) {
  const nameOf = await bankNames()
  const rows = [...drawn, ...adversarial].map((row) => ({ ...row, ...truthOf(row, nameOf) }))
  const tuning = rows.filter(({ split }) => split === 'tuning')
  const test = rows.filter(({ split }) => split !== 'tuning')
  const encoders = {
    'tiny-clip': await embedded(tinyClip, [...test, ...tuning]),
    // The grey CLIP judges, and nobody judges what a filter was tuned on.
    'grey-clip': await embedded(greyClip, test),
  }
  const files = await writeFiles(out, {
    'pictures.csv': csvOf([...test, ...tuning]),
    ...Object.fromEntries(
      Object.entries(encoders).map(([name, { file }]) => [`${name}.safetensors`, file]),
    ),
  })
  const generatorOf = openGenerators()
  const card = {
    schemaVersion: 1,
    id: 'assay/concept-filter',
    pairs: PAIRS,
    replacement: REPLACEMENT,
    generators: await Promise.all(
      ['composer', 'tiny-diffusion'].map(async (name) => {
        const { id, fingerprint } = await generatorOf(name)
        return { name, id, fingerprint }
      }),
    ),
    encoders: Object.fromEntries(
      Object.entries(encoders).map(([name, { file: _, ...told }]) => [name, told]),
    ),
    counts: countsOf(rows),
    files,
  }
  await writeFileAtomic(join(out, 'concept-filter.json'), `${JSON.stringify(card, null, 1)}\n`)
  return card
}

/** Names of the bank's pictures by id. */
async function bankNames() {
  const text = await readFile(join(bankFolder, 'pictures.jsonl'), 'utf8')
  const pictures = text.trim().split('\n').map(JSON.parse)
  const names = new Map(pictures.map(({ id, name }) => [id, name]))
  return (id) => names.get(id)
}

/**
 * How much of a picture is drawings of either side's names, which the composer knows exactly; null for pictures of a
 * generator that does not. Unrelated pictures are held to every pair: their share is that of the pair with most.
 */
function truthOf({ pair, shares }, nameOf) {
  if (shares === null) return { unacceptableShare: null, acceptableShare: null }
  const shareOf = (names) =>
    shares.reduce((sum, [id, share]) => sum + (names.includes(nameOf(id)) ? share : 0), 0)
  const of = PAIRS.filter(({ id }) => pair === null || id === pair)
  const most = (side) => Math.max(...of.map(({ names }) => shareOf(names[side])))
  return { unacceptableShare: most('unacceptable'), acceptableShare: most('acceptable') }
}

/** What one of the CLIPs makes of pictures and of the replacement. */
async function embedded(folder, rows) {
  const clip = await openClip({ folder, normalize: false })
  const { embed, close, id, fingerprint, logitScale, hashes } = clip
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, at) => REPLACEMENT.colour[at % 3])
  const pictures = [
    { id: REPLACEMENT.id, source: { width: SIDE, height: SIDE, data } },
    ...rows.map((row) => ({ id: row.id, source: fromText(row.pixels, SIDE, SIDE) })),
  ]
  const file = matrixFile(await embed(pictures), fingerprint)
  await close()
  return { file, id, fingerprint, ...hashes, logitScale, rows: pictures.length }
}

const share = (value) => (value === null ? '' : Number(value.toFixed(3)))
const text = (value) => (value === null ? '' : String(value))
const COLUMNS = {
  id: text,
  generator: text,
  pair: text,
  split: text,
  side: text,
  seed: text,
  unacceptableShare: share,
  acceptableShare: share,
  prompt: (value) => `"${value.replaceAll('"', '""')}"`,
}

function csvOf(rows) {
  const columns = Object.entries(COLUMNS)
  const lines = rows.map((row) => columns.map(([name, told]) => told(row[name])).join(','))
  return `${[Object.keys(COLUMNS).join(','), ...lines].join('\n')}\n`
}

/** Pictures by generator, pair, split and side. */
function countsOf(rows) {
  const counts = {}
  for (const { generator, pair, split, side } of rows) {
    const kind = [generator, pair ?? 'any', split, side].join(' ')
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

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
