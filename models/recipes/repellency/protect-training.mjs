// The tiny diffusion with its whole training set protected, through `assay shield`: what is inside without and with
// the shield, what that costs in time, and what it changes. Needs the packages built; a run that was stopped goes on.
// node protect-training.mjs --work FOLDER --out ../../tiny-world/repellency/protect-training.json [--prompts 64] [--rounds 32]
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execPath, exit } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createMatrix } from '../../../packages/core/dist/index.js'
import {
  clusteredMeanInterval,
  clusteredProportionInterval,
} from '../../../packages/core/dist/statistics.js'
import { readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { decodeImage } from '../../../packages/embed/dist/index.js'
import {
  pixelSpace,
  poolProjection,
  protect,
  referencesInMemory,
  shieldGenerator,
} from '../../../packages/repellency/dist/index.js'
import { writeFileAtomic } from '../../../packages/store/dist/index.js'
import { bank as bankFolder } from '../../tiny-world/index.js'
import { openTinyClip } from '../abc-mini/embeddings.mjs'
import { openGenerators } from '../concept-filter/generators.mjs'
import { comparedWith, figuresOf, GROUPS, NEIGHBOURS } from './measure.mjs'
import { promptsOf, referenceRows } from './prompts.mjs'
import { trainingViews } from './training-views.mjs'
import { bankImage } from './vectors.mjs'

/** Shares of the base's pictures that a radius is to hold: what `assay shield` takes by itself, and half of them. */
const QUANTILES = [0.05, 0.5]
const PICTURES = 4
const MODEL = 'tiny-diffusion'

const { values: flags } = parseArgs({
  options: {
    work: { type: 'string' },
    out: { type: 'string' },
    prompts: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '32' },
  },
})
const [work, out] = [flags.work, flags.out].map((path) => resolve(path))
await mkdir(work, { recursive: true })
const bank = await readPictureBank(bankFolder)
const prompts = promptsOf(MODEL).slice(0, Number(flags.prompts))
const promptFile = join(work, 'prompts.txt')
await writeFileAtomic(promptFile, prompts.map(({ prompt }) => `${prompt}\n`).join(''))

/** What `assay` prints. */
function assay(...given) {
  const main = fileURLToPath(new URL('../../../apps/cli/dist/main.js', import.meta.url))
  const output = execFileSync(execPath, [main, ...given, '--json', '--quiet'], {
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(output)
}

const base = join(work, 'base')
const model = ['--model', `assay/${MODEL}`]
const training = [...model, '--protect', 'training']
const asked = ['--prompts', promptFile, '--n', String(PICTURES)]

function drawn(radius) {
  const folders = ['--out', join(work, `radius-${radius}`), '--base', base]
  return assay('shield', 'generate', ...training, ...asked, '--radius', String(radius), ...folders)
}

const outputsOf = async (folder) =>
  Promise.all(
    readFileSync(join(folder, 'metadata.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => decodeImage(join(folder, JSON.parse(line).file_name))),
  )

/** Which rows belong to a prompt, and the prompt's embedding once a picture. */
async function promptSets(clip, rows) {
  const { embeddings } = await clip.text.embedTexts(
    prompts.map(({ name, prompt }) => ({ id: name, text: prompt })),
  )
  const { columns, data } = embeddings
  return prompts.map(({ name }, at) => {
    const own = data.subarray(at * columns, (at + 1) * columns)
    return {
      rows: Array.from({ length: PICTURES }, (_, picture) => at * PICTURES + picture),
      references: [...rows.keys()].filter((row) => rows[row].name === name),
      text: createMatrix({ data: Array.from({ length: PICTURES }, () => own) }),
    }
  })
}

/** Figures of the pictures in a folder. */
async function figures(folder, { nearest, radius }, { clip, sets, references }) {
  const embeddings = await embedded(clip, await outputsOf(folder))
  const distances = nearest.map(({ distance }) => distance)
  return figuresOf({ embeddings, nearest: distances, prompts: sets, references, radius })
}

const embedded = (clip, images) =>
  clip.embed(images.map((source, at) => ({ id: String(at), source })))

/** Time of drawing with a shield over that without, a prompt at a time, in turns. */
async function cost(radius) {
  const generator = await openGenerators()(MODEL)
  const space = pixelSpace(bank)
  const references = searchedViews(space.name)
  const shielded = shieldGenerator({ generator, space, ...protect({ references, radius }) })
  const timed = async (from, { prompt, seed }) => {
    const [start, before] = [performance.now(), process.cpuUsage()]
    for await (const _ of from.generate({ prompt, seed, count: PICTURES }));
    const { user } = process.cpuUsage(before)
    return { wall: (performance.now() - start) / 1000, user: user / 1e6 }
  }
  await timed(shielded, prompts[0])
  const rounds = []
  for (const [at, prompt] of prompts.slice(0, Number(flags.rounds)).entries()) {
    const order = at % 2 === 0 ? [generator, shielded] : [shielded, generator]
    const times = new Map()
    for (const from of order) times.set(from, await timed(from, prompt))
    rounds.push({ base: times.get(generator), shielded: times.get(shielded) })
  }
  return {
    pictures: PICTURES * rounds.length,
    wall: ratio(rounds, 'wall'),
    user: ratio(rounds, 'user'),
  }
}

/** Found as `assay shield` finds them. */
function searchedViews(fingerprint) {
  const { width, height } = bank
  const projection = poolProjection({ channels: 3, width, height, pool: width / 4 })
  return referencesInMemory(createMatrix({ data: trainingViews(bank), fingerprint }), {
    projection,
  })
}

/** Ratio of the sums, its interval over prompts from how far each prompt is from it (the delta method). */
function ratio(rounds, clock) {
  const sum = (name) => rounds.reduce((total, round) => total + round[name][clock], 0)
  const value = sum('shielded') / sum('base')
  const mean = sum('base') / rounds.length
  const around = rounds.map(
    ({ base, shielded }) => value + (shielded[clock] - value * base[clock]) / mean,
  )
  const interval = clusteredMeanInterval(around, [...around.keys()])
  const secondsAPicture = mean / PICTURES
  return { ratio: value, interval: interval && [interval.low, interval.high], secondsAPicture }
}

const shareInside = (compared, radius) => {
  const outcomes = compared.map(({ distance }) => distance < radius)
  const clusters = outcomes.map((_, at) => Math.floor(at / PICTURES))
  const { low, high } = clusteredProportionInterval(outcomes, clusters, {}) ?? {}
  const inside = outcomes.filter(Boolean).length
  return { inside, of: outcomes.length, share: inside / outcomes.length, interval: [low, high] }
}

const clip = await openTinyClip()
const rows = referenceRows(bank, MODEL)
const images = rows.map(({ row }) => bankImage(bank, row))
const context = {
  clip,
  sets: await promptSets(clip, rows),
  references: await embedded(clip, images),
}
const settings = []
assay('generate', ...model, ...asked, '--out', base)
for (const quantile of QUANTILES) {
  const of = ['--outputs', base, '--quantile', String(quantile)]
  const calibration = assay('shield', 'calibrate', ...training, ...of)
  const radius = Number(calibration.radius.toPrecision(4))
  const document = drawn(radius)
  const baseFigures = await figures(base, { ...document.base, radius }, context)
  const shieldedFigures = await figures(document.out, { ...document, radius }, context)
  settings.push({
    ...{ quantile, radius, calibration },
    inside: {
      base: shareInside(document.base.nearest, radius),
      shielded: shareInside(document.nearest, radius),
    },
    refused: document.rejected.length,
    failures: document.failures.length,
    cost: await cost(radius),
    base: comparedWith(baseFigures, baseFigures),
    shielded: comparedWith(baseFigures, shieldedFigures),
  })
  console.log(JSON.stringify(settings.at(-1), null, 1))
}
const card = {
  schemaVersion: 1,
  id: 'assay/protected-training-set',
  encoder: { id: clip.id, fingerprint: clip.fingerprint },
  ...{
    prompts: prompts.length,
    picturesPerPrompt: PICTURES,
    neighbours: NEIGHBOURS,
    groups: GROUPS,
  },
  level: 0.95,
  settings,
}
await writeFileAtomic(out, `${JSON.stringify(card, null, 1)}\n`)
exit() // The encoder's engine would wait for more work.
