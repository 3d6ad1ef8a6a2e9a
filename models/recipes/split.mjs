// Stage 2: the seeded split of the pictures, written as compact data that is committed.
// node split.mjs --data FOLDER --out ../tiny-world/split.json
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { seededRandom, shuffled } from './seeded-random.mjs'

const SEED = 20240617
const UNSEEN_STYLE = 'firefox'
const HELD_OUT_FAMILIES = 0.1
const HELD_OUT_PAIRS = 0.1
const HELD_OUT_TITLES = 0.05

const { values: flags } = parseArgs({
  options: { data: { type: 'string' }, out: { type: 'string' } },
})
const rows = (await readFile(join(resolve(flags.data), 'pictures.jsonl'), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))
const random = seededRandom(SEED)

/** A seeded share of the distinct values, in sorted order. */
function draw(values, share) {
  const distinct = [...new Set(values)].sort()
  return shuffled(distinct, random)
    .slice(0, Math.round(distinct.length * share))
    .sort()
}

const emoji = rows.filter((row) => row.style !== 'clipart')
const clipArt = rows.filter((row) => row.style === 'clipart')
const families = new Set(
  draw(
    emoji.map((row) => row.family),
    HELD_OUT_FAMILIES,
  ),
)
const heldOutConcepts = new Set(
  emoji.filter((row) => families.has(row.family)).map((row) => row.concept),
)
const candidates = emoji.filter(
  (row) => !heldOutConcepts.has(row.concept) && row.style !== UNSEEN_STYLE,
)
const heldOutPairs = new Set(
  draw(
    candidates.map((row) => row.id),
    HELD_OUT_PAIRS,
  ),
)
// A clip-art title that names a held-out emoji concept would leak it, so it is left out of training too.
const heldOutNames = new Set(
  emoji.filter((row) => heldOutConcepts.has(row.concept)).map((row) => row.name),
)
const leaked = [...new Set(clipArt.map((row) => row.name))].filter((name) => heldOutNames.has(name))
const heldOutTitles = new Set([
  ...draw(
    clipArt.map((row) => row.name),
    HELD_OUT_TITLES,
  ),
  ...leaked,
])

/** The part of the split that a picture belongs to. */
function part(row) {
  if (row.style === 'clipart') return heldOutTitles.has(row.name) ? 'heldOutTitle' : 'train'
  if (heldOutConcepts.has(row.concept)) return 'heldOutConcept'
  if (row.style === UNSEEN_STYLE) return 'unseenStyle'
  return heldOutPairs.has(row.id) ? 'heldOutPair' : 'train'
}

const counts = {}
for (const row of rows) counts[part(row)] = (counts[part(row)] ?? 0) + 1
const trained = rows.filter((row) => part(row) === 'train')
const split = {
  schemaVersion: 1,
  seed: SEED,
  counts: {
    pictures: counts,
    trainEmoji: trained.filter((row) => row.style !== 'clipart').length,
    trainClipArt: trained.filter((row) => row.style === 'clipart').length,
    trainNames: new Set(trained.map((row) => row.name)).size,
    concepts: new Set(emoji.map((row) => row.concept)).size,
    styles: Object.fromEntries(
      [...new Set(rows.map((row) => row.style))].map((style) => [
        style,
        rows.filter((row) => row.style === style).length,
      ]),
    ),
  },
  unseenStyle: UNSEEN_STYLE,
  heldOutConcepts: [...heldOutConcepts].sort(),
  heldOutPairs: [...heldOutPairs].sort(),
  heldOutTitles: [...heldOutTitles].sort(),
}
await writeFile(resolve(flags.out), `${JSON.stringify(split, null, 1)}\n`)
await writeFile(
  join(resolve(flags.data), 'parts.jsonl'),
  rows.map((row) => `${JSON.stringify({ id: row.id, part: part(row) })}\n`).join(''),
)
console.log(JSON.stringify(split.counts), {
  families: families.size,
  concepts: heldOutConcepts.size,
  leaked,
})
