// Measures what was drawn, and writes figures, curves and sheets.
import { join } from 'node:path'
import { createMatrix } from '../../../packages/core/dist/index.js'
import { readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { writeFileAtomic } from '../../../packages/store/dist/index.js'
import { bank as bankFolder } from '../../tiny-world/index.js'
import { openTinyClip } from '../abc-mini/embeddings.mjs'
import { openGenerators } from '../concept-filter/generators.mjs'
import { mosaic } from '../drawing/picture-bytes.mjs'
import { curves } from './curves.mjs'
import { nearestDistances } from './draw.mjs'
import { comparedWith, figuresOf, GROUPS, NEIGHBOURS } from './measure.mjs'
import { BATCH, BATCHES, promptsOf, referenceRows } from './prompts.mjs'
import { GUIDANCE, PROTECT_QUANTILE, RADIUS_QUANTILES, STEPS } from './settings.mjs'
import { bankImage, bankVector, vectorOf } from './vectors.mjs'

/** Prompts of the sheets, by number. */
const SHOWN = [1, 17]

/** @param drawn what `drawSettings` gives, a generator each, with its name as `generator` */
export async function shipTradeOff({ drawn, out }) {
  const clip = await openTinyClip()
  const generatorOf = openGenerators()
  const generators = []
  for (const each of drawn) {
    const { id, fingerprint } = await generatorOf(each.generator)
    generators.push({ name: each.generator, id, fingerprint, ...(await measured(each, clip)) })
    const sheet = await mosaic(each.settings.flatMap(shownPictures), SHOWN.length * BATCH * BATCHES)
    await writeFileAtomic(join(out, `${each.generator}.webp`), sheet)
  }
  const card = {
    schemaVersion: 1,
    id: 'assay/diversity-trade-off',
    encoder: { id: clip.id, fingerprint: clip.fingerprint },
    picturesPerPrompt: BATCH * BATCHES,
    batch: BATCH,
    guidanceScale: GUIDANCE,
    quantiles: { radii: RADIUS_QUANTILES, protect: PROTECT_QUANTILE },
    neighbours: NEIGHBOURS,
    groups: GROUPS,
    level: 0.95,
    generators,
  }
  await writeFileAtomic(join(out, 'trade-off.json'), compact(card))
  await writeFileAtomic(join(out, 'trade-off.svg'), curves(generators))
  await clip.close()
  return card
}

async function measured({ generator, radii, protectRadius, settings }, clip) {
  const bank = await readPictureBank(bankFolder)
  const rows = referenceRows(bank, generator)
  const guarded = rows.map(({ row }) => bankVector(bank, row))
  const references = await embedded(
    clip,
    rows.map(({ row }) => bankImage(bank, row)),
  )
  const prompts = await promptSets(clip, generator, rows)
  let base = null
  const told = []
  for (const { pictures, ...setting } of settings) {
    const embeddings = await embedded(clip, pictures)
    const nearest = nearestDistances(pictures.map(vectorOf), guarded)
    const figures = figuresOf({ embeddings, nearest, prompts, references, radius: protectRadius })
    base ??= figures
    told.push({ ...setting, measures: comparedWith(base, figures) })
    console.log(generator, setting.id)
  }
  const counts = { prompts: prompts.length, references: rows.length, steps: STEPS[generator] }
  return { ...counts, radii, protectRadius, settings: told }
}

/** Which rows belong to a prompt, and the prompt's embedding once a picture. */
async function promptSets(clip, generator, rows) {
  const each = BATCH * BATCHES
  const prompts = promptsOf(generator)
  const { embeddings } = await clip.text.embedTexts(
    prompts.map(({ name, prompt }) => ({ id: name, text: prompt })),
  )
  const { columns, data } = embeddings
  return prompts.map(({ name }, at) => {
    const own = data.subarray(at * columns, (at + 1) * columns)
    const text = createMatrix({ data: Array.from({ length: each }, () => own) })
    return {
      rows: Array.from({ length: each }, (_, picture) => at * each + picture),
      references: [...rows.keys()].filter((row) => rows[row].name === name),
      text,
    }
  })
}

const embedded = (clip, images) =>
  clip.embed(images.map((source, at) => ({ id: String(at), source })))

const shownPictures = ({ pictures }) =>
  SHOWN.flatMap((prompt) => {
    const each = BATCH * BATCHES
    return pictures.slice(prompt * each, (prompt + 1) * each)
  })

/** Each setting on a line. */
function compact(card) {
  const { generators, ...rest } = card
  const lines = generators.map(({ settings, ...generator }) => {
    const head = JSON.stringify(generator).slice(0, -1)
    return `${head},"settings":[\n${settings.map((each) => JSON.stringify(each)).join(',\n')}\n]}`
  })
  return `${JSON.stringify(rest).slice(0, -1)},\n"generators":[\n${lines.join(',\n')}\n]}\n`
}
