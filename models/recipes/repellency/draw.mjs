// Draws all settings of a generator. Needs the packages built; goes on where it was stopped.
import { join } from 'node:path'
import { readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { bank as bankFolder } from '../../tiny-world/index.js'
import { grouped } from '../abc-mini/grouped.mjs'
import { drawJobs } from '../drawing/draw-jobs.mjs'
import { fromText } from '../drawing/picture-bytes.mjs'
import { promptsOf, referenceRows } from './prompts.mjs'
import { BASE, PROTECT_QUANTILE, RADIUS_QUANTILES, settingsOf } from './settings.mjs'
import { bankVector, vectorOf } from './vectors.mjs'

const SIDE = 32

/** Resolves to `{ radii, protectRadius, settings }`, each setting with its pictures in the order of prompts. */
export async function drawSettings({ generator, work, workers, onResult }) {
  const draw = (settings) => drawMethod({ generator, settings, work, workers, onResult })
  const base = await draw([BASE])
  const radii = await measureRadii(generator, base[0].pictures)
  const drawn = [...base]
  const methods = grouped(settingsOf(generator, radii), ({ method }) => method)
  for (const settings of methods.values()) drawn.push(...(await draw(settings)))
  return { ...radii, settings: drawn }
}

/** A journal a method, so that another method more needs nothing drawn anew. */
async function drawMethod({ generator, settings, work, workers, onResult }) {
  const prompts = promptsOf(generator)
  const jobs = settings.flatMap((setting) =>
    prompts.map(({ prompt, seed }) => ({ id: `${setting.id}: ${prompt}`, prompt, seed, setting })),
  )
  const results = await drawJobs({
    ...{ jobs, workers, onResult, setup: { generator } },
    journal: join(work, `${generator}-${settings[0].method}.journal`),
    module: new URL('./drawer.mjs', import.meta.url),
  })
  return settings.map((setting) => ({
    ...setting,
    pictures: prompts.flatMap(({ prompt }) =>
      results.get(`${setting.id}: ${prompt}`).map((text) => fromText(text, SIDE, SIDE)),
    ),
  }))
}

/** Radii from what the base drew: distances within a prompt, and to the nearest protected picture. */
async function measureRadii(generator, pictures) {
  const bank = await readPictureBank(bankFolder)
  const guarded = referenceRows(bank, generator).map(({ row }) => bankVector(bank, row))
  const vectors = pictures.map(vectorOf)
  const count = promptsOf(generator).length
  const each = vectors.length / count
  const pairs = Array.from({ length: count }, (_, prompt) =>
    pairDistances(vectors.slice(prompt * each, (prompt + 1) * each)),
  ).flat()
  return {
    radii: RADIUS_QUANTILES.map((share) => quantile(pairs, share)),
    protectRadius: quantile(nearestDistances(vectors, guarded), PROTECT_QUANTILE),
  }
}

const pairDistances = (vectors) =>
  vectors.flatMap((one, at) => vectors.slice(at + 1).map((other) => distance(one, other)))

/** Of each vector to the nearest of the others. */
export const nearestDistances = (vectors, others) =>
  vectors.map((one) =>
    others.reduce((least, other) => Math.min(least, distance(one, other)), Infinity),
  )

function distance(one, other) {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += (one[at] - other[at]) ** 2
  return Math.sqrt(sum)
}

/** Three significant digits, so that the plan can be told. */
const quantile = (values, share) =>
  Number(
    [...values].sort((one, other) => one - other)[Math.floor(share * values.length)].toPrecision(3),
  )
