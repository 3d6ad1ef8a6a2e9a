/**
 * Resampling equal to Pillow's, on one thread: processor time beside libvips' cubic (which gives other
 * pixels), and the longest that the main thread is held up, alone and with the threads of an encoder.
 *
 *   node pixels.mjs [--rounds 20]
 */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRandom } from '@assay/core'
import { openEncoder, preprocessImage } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import sharp from 'sharp'

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } })
const rounds = Number(flags.rounds)
const wantedMilliseconds = 6
const wantedHold = 50

const target = 224
const preprocessing = (interpolation) => ({
  width: target,
  height: target,
  resize: 'stretch',
  shortestSide: null,
  scaledSide: 'floor',
  cropOffset: 'floor',
  interpolation,
  background: [255, 255, 255],
  colourProfile: 'ignore',
  scale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
})

const random = createRandom(18)
const grain = Uint8Array.from({ length: 2 ** 16 }, () => random.integer(256))

function picture(side) {
  const data = new Uint8Array(side * side * 3)
  for (let at = 0; at < data.length; at += grain.length)
    data.set(grain.subarray(0, Math.min(grain.length, data.length - at)), at)
  return { width: side, height: side, data }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

async function processorMilliseconds(task) {
  const before = process.cpuUsage()
  await task()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The longest time between two ticks of a timer while a task runs. */
async function longestHold(task) {
  let last = performance.now()
  let longest = 0
  const tick = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(tick, 1)
  await task()
  tick()
  clearInterval(timer)
  return longest
}

const withLibvips = ({ width, height, data }) =>
  sharp(data, { raw: { width, height, channels: 3 } })
    .resize(target, target, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()

const engine = createEngine()
const folder = fileURLToPath(new URL('../models/tiny-world/tiny-clip/', import.meta.url))
const encoder = await openEncoder({ folder, engine })
const outcomes = []
try {
  console.log(`Core-milliseconds to ${target} x ${target}, medians of up to ${rounds} rounds.\n`)
  console.log('picture        bilinear   bicubic   lanczos   libvips cubic')
  for (const side of [512, 1024, 4096]) {
    const image = picture(side)
    const tasks = {
      bilinear: () => preprocessImage(image, preprocessing('bilinear')),
      bicubic: () => preprocessImage(image, preprocessing('bicubic')),
      lanczos: () => preprocessImage(image, preprocessing('lanczos')),
      libvips: () => withLibvips(image),
    }
    const times = Object.fromEntries(Object.keys(tasks).map((name) => [name, []]))
    const repeats = side > 2000 ? Math.min(5, rounds) : rounds
    for (let round = -2; round < repeats; round++) {
      for (const [name, task] of Object.entries(tasks)) {
        const time = await processorMilliseconds(task)
        if (round >= 0) times[name].push(time)
      }
    }
    const medians = Object.fromEntries(
      Object.entries(times).map(([name, each]) => [name, Number(median(each).toFixed(2))]),
    )
    outcomes.push({ side, ...medians })
    const columns = Object.values(medians).map((time) => time.toFixed(2).padStart(10))
    console.log(`${side} x ${side}`.padEnd(13), columns.join(''))
  }
  const { bicubic } = outcomes[0]
  console.log(
    `\n512 to ${target}, bicubic: ${bicubic} ms, wanted at most ${wantedMilliseconds}: ${bicubic <= wantedMilliseconds ? 'reached' : 'MISSED'}`,
  )

  const large = picture(4096)
  const roads = {
    'on the main thread': () => preprocessImage(large, preprocessing('bicubic')),
    'in an encoder': () => encoder.image.embedImages([{ id: 'large', source: large }]),
  }
  for (const [name, task] of Object.entries(roads)) {
    await task()
    const holds = []
    for (let round = 0; round < rounds; round++) holds.push(await longestHold(task))
    const hold = Number(median(holds).toFixed(1))
    outcomes.push({ road: name, longestHold: hold })
    console.log(
      `4096 x 4096 ${name}: held up for ${hold} ms at most (median of ${rounds}), wanted at most ${wantedHold}: ${hold <= wantedHold ? 'reached' : 'MISSED'}`,
    )
  }
  console.log(JSON.stringify({ bench: 'pixels', outcomes }))
} finally {
  await encoder.close()
  await engine.close()
}
