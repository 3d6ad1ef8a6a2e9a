// Puts the experiment together: the pictures' prompts, seeds and truth, their raw embeddings, and the card.
import { join } from 'node:path'
import { sha256, writeFileAtomic } from '../../../packages/store/dist/index.js'
import { greyClip, tinyClip } from '../../tiny-world/index.js'
import { matrixFile, openClip } from '../abc-mini/embeddings.mjs'
import { grouped } from '../abc-mini/grouped.mjs'
import { fromText } from '../drawing/picture-bytes.mjs'
import { openGenerators } from './generators.mjs'
import { PAIRS } from './pairs.mjs'
import { openShares } from './shares.mjs'

const SIDE = 32

const FILES = { filterEncoder: 'tiny-clip.safetensors', judgeEncoder: 'grey-clip.safetensors' }

/** What flagged pictures are replaced with: of some plain ones, the one that both CLIPs call acceptable for every pair. */
const REPLACEMENT = { id: 'replacement', colour: [200, 200, 200] }

/**
 * Writes everything but the README, and resolves to the card.
 *
 * @param drawn       what `drawPictures` gives
 * @param adversarial what `attackPrompts` gives
 */
export async function shipExperiment({ out, drawn, adversarial }) {
  const shareOf = await openShares()
  const rows = [...drawn, ...adversarial].map((row) => ({ ...row, ...truthOf(row, shareOf) }))
  const tuning = rows.filter(({ split }) => split === 'tuning')
  const test = rows.filter(({ split }) => split !== 'tuning')
  const filterEncoder = await embedded(tinyClip, [...test, ...tuning])
  const judgeEncoder = await embedded(greyClip, test) // Nobody judges what filters are tuned on.
  const files = await writeFiles(out, {
    'pictures.json': kindsText(rows),
    [FILES.filterEncoder]: filterEncoder.matrix,
    [FILES.judgeEncoder]: judgeEncoder.matrix,
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
    filterEncoder: { file: FILES.filterEncoder, ...filterEncoder.told },
    judgeEncoder: { file: FILES.judgeEncoder, ...judgeEncoder.told },
    counts: Object.fromEntries([...kindsOf(rows)].map(([kind, of]) => [kind.trim(), of.length])),
    files,
  }
  await writeFileAtomic(join(out, 'concept-filter.json'), `${JSON.stringify(card, null, 1)}\n`)
  return card
}

/**
 * How much of a picture is drawings of either side's names, which the composer knows exactly; null for pictures of a
 * generator that does not. Unrelated pictures are held to every pair: their share is that of the pair with most.
 */
function truthOf({ pair, shares }, shareOf) {
  if (shares === null) return { unacceptableShare: null, acceptableShare: null }
  const of = PAIRS.filter(({ id }) => pair === null || id === pair)
  const most = (side) => Math.max(...of.map(({ names }) => shareOf(shares, names[side])))
  return { unacceptableShare: most('unacceptable'), acceptableShare: most('acceptable') }
}

/** What one of the CLIPs makes of pictures and of the replacement. */
async function embedded(folder, rows) {
  const clip = await openClip({ folder, normalize: false })
  const { embed, close, id, fingerprint, logitScale, hashes } = clip
  const data = Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, at) => REPLACEMENT.colour[at % 3])
  const pictures = [
    { id: REPLACEMENT.id, source: { width: SIDE, height: SIDE, data } },
    ...rows.map((row) => ({ id: String(row.seed), source: fromText(row.pixels, SIDE, SIDE) })),
  ]
  const matrix = matrixFile(await embed(pictures), { fingerprint, normalized: false })
  await close()
  return { matrix, told: { id, fingerprint, ...hashes, logitScale, rows: pictures.length } }
}

const KIND = ['generator', 'pair', 'split', 'side', 'attack', 'against']

/** Each kind of pictures on a line, with seed, prompt and truth of each. */
function kindsText(rows) {
  const lines = [...kindsOf(rows).values()].map((of) => {
    const told = KIND.map((name) => [name, of[0][name] ?? null])
    const pictures = of.map(({ seed, prompt, unacceptableShare, acceptableShare }) => ({
      ...{ seed, prompt },
      shares:
        unacceptableShare === null ? null : [rounded(unacceptableShare), rounded(acceptableShare)],
    }))
    return JSON.stringify({ ...Object.fromEntries(told), pictures })
  })
  return `[\n${lines.join(',\n')}\n]\n`
}

const rounded = (share) => Number(share.toFixed(3))

const kindsOf = (rows) => grouped(rows, (row) => KIND.map((name) => row[name] ?? '').join(' '))

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
