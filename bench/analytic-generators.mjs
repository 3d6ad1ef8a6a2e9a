/**
 * Pictures a second of the memoriser and the composer over the built-in bank, 32 x 32, 30 model calls,
 * 12 prompts with 6 seeds each; also a prompt that no word of the bank matches, and no prompt at all.
 * Beside it a timer of 10 ms ticks on the same thread, and the longest gap counts: all is computed there.
 * The same pictures are held to the gates of the built-in world.
 *
 *   node analytic-generators.mjs [--count 6]
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bruteForceIndex } from '@assay/core/testing'
import {
  counterfactualAttribution,
  createComposer,
  createMemoriser,
  nearestBankPicture,
  readPictureBank,
} from '@assay/diffusion/analytic'
import { openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { bank as bankFolder, tinyClip } from '@assay/tiny-world'

const { values: flags } = parseArgs({ options: { count: { type: 'string', default: '6' } } })
const count = Number(flags.count)
const prompts = [
  ...['apple', 'banana', 'frog', 'octopus', 'whale', 'tulip'],
  ...['burger', 'sailboat', 'airplane', 'bus', 'ladybird', 'carrot'],
]
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length
const computed = () => process.cpuUsage().user / 1e6

/** Milliseconds that this thread has stood in line for a core; null where the system does not tell. */
function inLine() {
  try {
    return (
      Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
    )
  } catch {
    return null
  }
}

/** Seconds of some work by the wall and by the processor, and the longest gap between two ticks. */
async function watch(work) {
  const start = { wall: performance.now(), core: computed() }
  let last = { at: start.wall, inLine: inLine() }
  let longest = { milliseconds: 0, inLine: null }
  const tick = () => {
    const now = { at: performance.now(), inLine: inLine() }
    const milliseconds = now.at - last.at
    if (milliseconds > longest.milliseconds) {
      longest = { milliseconds, inLine: now.inLine === null ? null : now.inLine - last.inLine }
    }
    last = now
  }
  const timer = setInterval(tick, 10)
  const result = await work()
  clearInterval(timer)
  const seconds = { wall: (performance.now() - start.wall) / 1000, core: computed() - start.core }
  return { result, seconds, longest }
}

async function draw(generator, drawnPrompts, each = count) {
  const pictures = []
  for (const prompt of drawnPrompts) {
    for await (const { image, metadata } of generator.generate({ prompt, count: each, seed: 1 })) {
      pictures.push({ prompt, image, ...metadata.attribution })
    }
  }
  return pictures
}

const engine = createEngine({ threads: 1 })
const {
  text: textEncoder,
  image: imageEncoder,
  close,
} = await openEncoder({ folder: tinyClip, engine })
const opening = await watch(() => readPictureBank(bankFolder))
const options = { bank: opening.result, textEncoder }
const generators = {
  memoriser: createMemoriser(options),
  composer: createComposer(options),
  copying: createComposer({ ...options, patches: 'copying' }),
}
const speed = {}
const drawn = {}
for (const [name, generator] of Object.entries(generators)) {
  await draw(generator, ['frog'], 1)
  const { result, seconds, longest } = await watch(() => draw(generator, prompts))
  drawn[name] = result
  const rate = (part) => result.length / part
  speed[name] = { wall: rate(seconds.wall), core: rate(seconds.core), longest }
}
for (const [name, prompt] of Object.entries({ 'no word matches': 'burger', 'no prompt': '' })) {
  for (const kind of ['memoriser', 'composer']) {
    const { seconds } = await watch(() => draw(generators[kind], [prompt], 2))
    speed[`${kind}, ${name}`] = { wall: 2 / seconds.wall, core: 2 / seconds.core }
  }
}

/** Means over the seeds of a prompt. */
function summary(name) {
  return prompts.map((prompt) => {
    const pictures = drawn[name].filter((picture) => picture.prompt === prompt)
    const distance = ({ image }) => nearestBankPicture(options.bank, image).meanSquare
    return {
      prompt,
      effective: mean(pictures.map(({ effectivePictures }) => effectivePictures)),
      top: mean(pictures.map(({ shares }) => shares[0].share)),
      nearest: mean(pictures.map(distance)),
    }
  })
}
const summaries = Object.fromEntries(Object.keys(drawn).map((name) => [name, summary(name)]))

/** Share of the pictures whose own prompt is the nearest of all by the tiny CLIP. */
async function fidelity(name) {
  const texts = prompts.map((text) => ({ id: text, text }))
  const pictures = drawn[name].map(({ image }, at) => ({ id: String(at), source: image }))
  const { embeddings: named } = await textEncoder.embedTexts(texts)
  const { embeddings: seen } = await imageEncoder.embedImages(pictures)
  const nearest = await bruteForceIndex(named, 'cosine').nearest(seen, { k: 1 })
  return mean(nearest.map(([{ id }], at) => (id === drawn[name][at].prompt ? 1 : 0)))
}
const rightPromptFirst = {
  memoriser: await fidelity('memoriser'),
  composer: await fidelity('composer'),
}
const changes = await Promise.all(
  ['memoriser', 'composer'].map(async (kind) => {
    const asked = { generator: generators[kind], prompt: 'frog', seed: 1, top: 1 }
    return (await counterfactualAttribution(asked)).counterfactuals[0].meanSquareChange
  }),
)
await close()
await engine.close()

console.log(
  `${prompts.length} prompts with ${count} seeds; opening the bank ${opening.seconds.wall.toFixed(2)} s`,
)
for (const [name, { wall, core, longest }] of Object.entries(speed)) {
  const gap = longest
    ? `   longest gap ${longest.milliseconds.toFixed(0)} ms (in line ${longest.inLine?.toFixed(0) ?? '?'})`
    : ''
  console.log(
    `${name.padEnd(28)}${wall.toFixed(2).padStart(8)} a second${core.toFixed(2).padStart(8)} a core second${gap}`,
  )
}
console.log(`\n${''.padEnd(12)}effective pictures, top share, mean square to the nearest`)
console.log(
  `${'prompt'.padEnd(12)}${Object.keys(summaries)
    .map((name) => name.padStart(20))
    .join('')}`,
)
for (const [at, prompt] of prompts.entries()) {
  const cells = Object.values(summaries).map((rows) => {
    const { effective, top, nearest } = rows[at]
    return `${effective.toFixed(2)} ${top.toFixed(2)} ${nearest.toFixed(3)}`.padStart(20)
  })
  console.log(`${prompt.padEnd(12)}${cells.join('')}`)
}
const sums = Object.values(drawn)
  .flat()
  .map(({ shares }) => shares.reduce((sum, { share }) => sum + share, 0))
const targets = {
  'memoriser >= 8 pictures a second': speed.memoriser.wall >= 8,
  'composer >= 2 pictures a second': speed.composer.wall >= 2,
  'longest gap <= 50 ms': ['memoriser', 'composer'].every((name) => {
    const { milliseconds, inLine: waited } = speed[name].longest
    return milliseconds - (waited ?? 0) <= 50
  }),
  'memoriser: largest weight >= .99 in all': drawn.memoriser.every(
    ({ shares }) => shares[0].share >= 0.99,
  ),
  'memoriser: nearest mean square 0': summaries.memoriser.every(({ nearest }) => nearest < 1e-4),
  'composer: effective pictures >= 2': summaries.composer.every(({ effective }) => effective >= 2),
  'composer: nearest mean square >= .03': summaries.composer.every(
    ({ nearest }) => nearest >= 0.03,
  ),
  'composer: right prompt first >= .80': rightPromptFirst.composer >= 0.8,
  'shares sum to 1 within 1e-4': sums.every((sum) => Math.abs(sum - 1) <= 1e-4),
  'large patches: fewer effective pictures': summaries.copying.every(
    ({ effective }, at) => effective < summaries.composer[at].effective,
  ),
  'leaving the top picture out changes the sample': changes.every((change) => change > 0),
}
console.log(
  `\nright prompt first of ${prompts.length} by the tiny CLIP: composer ${rightPromptFirst.composer.toFixed(3)}, memoriser ${rightPromptFirst.memoriser.toFixed(3)}`,
)
for (const [target, met] of Object.entries(targets))
  console.log(`${met ? 'met ' : 'MISS'} ${target}`)
console.log(
  JSON.stringify({
    bench: 'analytic-generators',
    settings: { count },
    speed,
    summaries,
    rightPromptFirst,
    targets,
  }),
)
