/**
 * Picture files to embeddings against what the machine could do at best: cores / (decode + preprocess
 * + model core-seconds). Decoding starts from the file. Every part is measured in this run, with all
 * cores busy, in turns; core-seconds are those that the process used, the road's rate is by the clock,
 * so that anything else that runs on the machine lowers the ratio. The ratio by clock compares clock
 * with clock and stands that better.
 *
 *   node embed-throughput.mjs [--seconds 4] [--rounds 3] [--memory 20000]
 *
 * `--memory 0` leaves out the second table, resident memory over many pictures.
 */
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createRandom } from '@assay/core'
import { decodeImage, embedPictures, openEncoder, preprocessImage } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import sharp from 'sharp'
import { randomVisionTransformer } from './random-vision-transformer.mjs'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string', default: '20000' },
  },
})
const seconds = Number(flags.seconds)
const rounds = Number(flags.rounds)
const memoryPictures = Number(flags.memory)
const cores = availableParallelism()
const distinctPictures = 24
const wanted = 0.85
const wantedMegabytes = 1

/** Levels of grain: a PNG of 1024 x 1024 gets some 2 MB, as real ones have. */
const grain = 1

/** A picture with the detail of a photograph: soft shapes, edges and a little grain. */
async function photograph(side, seed) {
  const random = createRandom(seed)
  const noise = (size) =>
    Buffer.from(Uint8Array.from({ length: size * size * 3 }, () => random.integer(256)))
  const layer = (size, kernel) =>
    sharp(noise(size), { raw: { width: size, height: size, channels: 3 } })
      .resize(side, side, { kernel })
      .raw()
      .toBuffer()
  const [shapes, edges] = [await layer(8, 'cubic'), await layer(48, 'nearest')]
  const data = Buffer.alloc(shapes.length)
  for (let index = 0; index < data.length; index++) {
    data[index] = 0.7 * shapes[index] + 0.25 * edges[index] + grain * random.uniform()
  }
  return sharp(data, { raw: { width: side, height: side, channels: 3 } })
}

const sets = {
  '512 JPEG': async (seed) => (await photograph(512, seed)).jpeg({ quality: 90 }).toBuffer(),
  '1024 PNG': async (seed) => (await photograph(1024, seed)).png().toBuffer(),
}

async function writeSet(folder, make) {
  await mkdir(folder, { recursive: true })
  const pictures = []
  for (let index = 0; index < distinctPictures; index++) {
    const source = join(folder, `${index}`)
    await writeFile(source, await make(index))
    pictures.push({ id: `${index}`, source })
  }
  return pictures
}

/** A model folder for the random transformer, made here and thrown away. */
async function writeTransformer(folder) {
  await mkdir(folder, { recursive: true })
  const bytes = randomVisionTransformer()
  await writeFile(join(folder, 'model.onnx'), bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const card = {
    schemaVersion: 1,
    id: 'bench/random-vit-b-32',
    title: 'ViT-B/32 with random weights',
    description: 'For timing only.',
    licence: 'Apache-2.0',
    commercialUse: true,
    source: 'bench/random-vision-transformer.mjs',
    dimensions: 512,
    space: 'bench/random-vit-b-32',
    files: [{ path: 'model.onnx', bytes: bytes.length, sha256 }],
    image: {
      model: 'model.onnx',
      input: { name: 'pixel_values', type: 'float32', shape: ['batch', 3, 224, 224] },
      output: { name: 'image_embeds', type: 'float32', shape: ['batch', 512] },
      preprocessing: {
        width: 224,
        height: 224,
        resize: 'shortest-side-centre-crop',
        interpolation: 'bicubic',
        background: [255, 255, 255],
        scale: 1 / 255,
        mean: [0.48145466, 0.4578275, 0.40821073],
        std: [0.26862954, 0.26130258, 0.27577711],
      },
    },
  }
  await writeFile(join(folder, 'card.json'), JSON.stringify(card))
  return folder
}

/** Repeats a task in `lanes` side by side until time is up; seconds of all cores and of the wall an item. */
async function measure(task, lanes, itemsPerTask = 1) {
  let next = 0
  let items = 0
  const started = performance.now()
  const usage = process.cpuUsage()
  const lane = async () => {
    while (performance.now() - started < seconds * 1000) {
      await task(next++)
      items += itemsPerTask
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const { user, system } = process.cpuUsage(usage)
  return {
    coreSeconds: (user + system) / 1e6 / items,
    wallSeconds: (performance.now() - started) / 1000 / items,
  }
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
/** The parts of the road, each alone on all cores. */
async function stages(pictures, { card }, session) {
  const { preprocessing, input, output } = card.image
  const files = pictures.map(({ source }) => source)
  const images = await Promise.all(files.map((file) => decodeImage(file)))
  const item = await preprocessImage(images[0], preprocessing)
  const batch = 8
  const data = new Float32Array(batch * item.length)
  for (let row = 0; row < batch; row++) data.set(item, row * item.length)
  const dims = [batch, 3, preprocessing.height, preprocessing.width]
  const feeds = () => ({ [input.name]: { type: 'float32', dims, data: data.slice() } })
  return {
    decode: () => measure((index) => decodeImage(files[index % files.length]), 2 * cores),
    preprocess: async () => {
      const task = (index) => preprocessImage(images[index % images.length], preprocessing)
      const { coreSeconds } = await measure(task, 2)
      // Here it runs on the main thread, in an encoder on one thread a core.
      return { coreSeconds, wallSeconds: coreSeconds / cores }
    },
    model: () =>
      measure(
        () => session.run(feeds(), { outputs: [output.name], transfer: true }),
        cores + 1,
        batch,
      ),
  }
}

/** Pictures by any number, from a few files. */
const repeated = (pictures, count) =>
  Array.from({ length: count }, (_, index) => ({
    id: `${index}`,
    source: pictures[index % pictures.length].source,
  }))

/** The whole road, long enough to fill about the time of one measurement. */
async function road(encoder, pictures, count) {
  const started = performance.now()
  const usage = process.cpuUsage()
  await embedPictures({ encoder: encoder.image, pictures: repeated(pictures, count) })
  const { user, system } = process.cpuUsage(usage)
  return {
    coreSeconds: (user + system) / 1e6 / count,
    wallSeconds: (performance.now() - started) / 1000 / count,
  }
}

const sumOf = (parts, quantity) => parts.reduce((sum, part) => sum + part[quantity], 0)

/** Rounds in which the parts and the road take turns. */
async function compare(encoder, pictures, session) {
  const parts = await stages(pictures, encoder, session)
  const measured = []
  for (let round = 0; round < rounds; round++) {
    const decode = await parts.decode()
    const preprocess = await parts.preprocess()
    const model = await parts.model()
    const together = [decode, preprocess, model]
    const count = Math.max(64, Math.ceil(seconds / sumOf(together, 'wallSeconds')))
    const whole = await road(encoder, pictures, count)
    const best = cores / sumOf(together, 'coreSeconds')
    measured.push({
      decode: decode.coreSeconds,
      preprocess: preprocess.coreSeconds,
      model: model.coreSeconds,
      whole: whole.coreSeconds,
      best,
      rate: 1 / whole.wallSeconds,
      ratio: 1 / whole.wallSeconds / best,
      byClock: sumOf(together, 'wallSeconds') / whole.wallSeconds,
    })
  }
  const names = Object.keys(measured[0])
  return Object.fromEntries(names.map((name) => [name, median(measured.map((each) => each[name]))]))
}

const milliseconds = (value) => (value * 1000).toFixed(2).padStart(9)
const outcomes = []

function report(set, model, result) {
  const { decode, preprocess, whole, best, rate, ratio, byClock } = result
  outcomes.push({ set, model, ratio, byClock, picturesPerSecond: rate })
  const row = [
    set.padEnd(9),
    model.padEnd(9),
    [decode, preprocess, result.model, whole].map(milliseconds).join(''),
    best.toFixed(1).padStart(8),
    rate.toFixed(1).padStart(8),
    ratio.toFixed(3).padStart(7),
    byClock.toFixed(3).padStart(8),
    ratio >= wanted ? 'reached' : 'MISSED',
  ]
  console.log(row.join(' '))
}

/** Growth of resident memory in MB a thousand pictures: least squares after the first fifth. */
async function memory(encoder, pictures, count) {
  const points = []
  await embedPictures({
    encoder: encoder.image,
    pictures: repeated(pictures, count),
    progress: ({ done }) => {
      if (done % 250 === 0 && done >= count / 5)
        points.push([done / 1000, process.memoryUsage.rss() / 2 ** 20])
    },
  })
  const mean = (axis) => points.reduce((sum, point) => sum + point[axis], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const slope =
    points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) /
    points.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
  return { slope, from: points[0][1], to: points.at(-1)[1] }
}

const threeDigits = (_, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)

const folder = await mkdtemp(join(tmpdir(), 'assay-bench-'))
const engine = createEngine()
try {
  const tinyClip = fileURLToPath(new URL('../models/tiny-world/tiny-clip/', import.meta.url))
  const models = { 'tiny CLIP': tinyClip, 'ViT-B/32': await writeTransformer(join(folder, 'vit')) }
  const pictures = {}
  for (const [name, make] of Object.entries(sets))
    pictures[name] = await writeSet(join(folder, name), make)

  console.log(`Pictures to embeddings on ${cores} cores, ${rounds} rounds of ${seconds} s a part.`)
  console.log('Core-milliseconds a picture: decode, preprocess, model, and the whole road.')
  console.log('Pictures a second: best = cores / (decode + preprocess + model), and measured.')
  console.log(
    "Ratio of these; by clock: the parts' own times on all cores / the road's. Medians.\n",
  )
  console.log(
    'set       model        decode  prepare    model    whole     best     road   ratio by clock',
  )
  for (const [model, modelFolder] of Object.entries(models)) {
    const encoder = await openEncoder({ folder: modelFolder, engine })
    const session = await engine.open(
      { path: join(modelFolder, encoder.card.image.model) },
      { replicas: 'every' },
    )
    for (const set of Object.keys(sets))
      report(set, model, await compare(encoder, pictures[set], session))
    await session.close()
    if (model === 'tiny CLIP' && memoryPictures > 0) {
      for (const set of Object.keys(sets)) {
        const { slope, from, to } = await memory(encoder, pictures[set], memoryPictures)
        outcomes.push({ set, pictures: memoryPictures, megabytesPerThousand: slope })
        console.log(
          `memory: ${set}, ${memoryPictures} pictures: ${from.toFixed(0)} to ${to.toFixed(0)} MB, ${slope.toFixed(2)} MB a thousand  ${slope <= wantedMegabytes ? 'reached' : 'MISSED'}`,
        )
      }
    }
    await encoder.close()
  }
  console.log(JSON.stringify({ bench: 'embed-throughput', cores, outcomes }, threeDigits))
} finally {
  await engine.close()
  await rm(folder, { recursive: true, force: true })
}
