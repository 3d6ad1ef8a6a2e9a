// The bank of the analytic generators: every training emoji at 32 x 32 on white, with its names and the
// tiny CLIP's embedding of "NAME, STYLE". Needs the packages built.
// node bank.mjs --npm FOLDER_WITH_node_modules --data FOLDER --model ../tiny-world/tiny-clip --out ../tiny-world/bank
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeFloat16, writeSafetensors } from '../../packages/core/dist/formats.js'
import { normalizeRows } from '../../packages/core/dist/linear-algebra.js'
import { openEncoder } from '../../packages/embed/dist/index.js'
import { createEngine } from '../../packages/tensor/dist/index.js'

const RENDERED = 64
const SIDE = 32
const COLUMNS = 84
const CAPTION_FORM = 'NAME, STYLE'

const { values: flags } = parseArgs({
  options: {
    npm: { type: 'string' },
    data: { type: 'string' },
    model: { type: 'string' },
    out: { type: 'string' },
  },
})
const sharp = createRequire(join(resolve(flags.npm), 'package.json'))('sharp')
const lines = async (file) =>
  (await readFile(join(resolve(flags.data), file), 'utf8')).trim().split('\n').map(JSON.parse)

/** The training emoji, in the order of the rendering, each with its place there. */
async function trainingEmoji() {
  const parts = await lines('parts.jsonl')
  return (await lines('pictures.jsonl'))
    .map((row, index) => ({ row, index }))
    .filter(({ row, index }) => parts[index].part === 'train' && row.style !== 'clipart')
}

/** One 64 x 64 RGBA picture on white, each 2 x 2 pixels averaged: 32 x 32 RGB. */
function onWhite(rgba) {
  const rgb = Buffer.alloc(SIDE * SIDE * 3)
  for (let at = 0; at < rgb.length; at++) {
    const pixel = Math.floor(at / 3)
    const corner = (Math.floor(pixel / SIDE) * RENDERED + (pixel % SIDE)) * 2
    let sum = 0
    for (const offset of [0, 1, RENDERED, RENDERED + 1]) {
      const place = (corner + offset) * 4
      const alpha = rgba[place + 3]
      sum += rgba[place + (at % 3)] * alpha + 255 * (255 - alpha)
    }
    rgb[at] = Math.round(sum / (4 * 255))
  }
  return rgb
}

/** All pictures as tiles of one picture, row by row; what is left of the last row is white. */
async function mosaic(emoji) {
  const pixels = await readFile(join(resolve(flags.data), 'pictures.rgba'))
  const width = COLUMNS * SIDE
  const height = Math.ceil(emoji.length / COLUMNS) * SIDE
  const canvas = Buffer.alloc(width * height * 3, 255)
  const bytes = RENDERED * RENDERED * 4
  for (const [tile, { index }] of emoji.entries()) {
    const rgb = onWhite(pixels.subarray(index * bytes, (index + 1) * bytes))
    const left = (tile % COLUMNS) * SIDE
    const top = Math.floor(tile / COLUMNS) * SIDE
    for (let y = 0; y < SIDE; y++) {
      const row = rgb.subarray(y * SIDE * 3, (y + 1) * SIDE * 3)
      canvas.set(row, ((top + y) * width + left) * 3)
    }
  }
  return sharp(canvas, { raw: { width, height, channels: 3 } })
    .webp({ lossless: true, effort: 6 })
    .toBuffer()
}

/** One line a picture, in the order of the tiles. */
const captions = (emoji) =>
  emoji
    .map(({ row: { id, name, style, group, tags, concept, licence, source } }) =>
      JSON.stringify({ id, name, style, group, tags, concept, licence, source }),
    )
    .join('\n')
    .concat('\n')

/** Unit vectors of "NAME, STYLE" as float16, in the form of Assay's matrix files. */
async function captionEmbeddings(emoji) {
  const engine = createEngine({ threads: 1 })
  const encoder = await openEncoder({ folder: resolve(flags.model), engine })
  const texts = emoji.map(({ row }) => ({ id: row.id, text: `${row.name}, ${row.style}` }))
  const { embeddings, failures } = await encoder.text.embedTexts(texts)
  await encoder.close()
  await engine.close()
  if (failures.length > 0) throw new Error(`${failures.length} captions failed`)
  const { rows, columns } = embeddings
  const unit = normalizeRows(embeddings).data
  return writeSafetensors(
    new Map([['vectors', { type: 'float16', dims: [rows, columns], data: encodeFloat16(unit) }]]),
    new Map([
      ['format', 'assay.matrix'],
      ['version', '1'],
      ['normalized', 'false'],
      ['space', encoder.text.space],
    ]),
  )
}

const emoji = await trainingEmoji()
const files = {
  pictures: ['pictures.webp', await mosaic(emoji)],
  captions: ['pictures.jsonl', Buffer.from(captions(emoji))],
  captionEmbeddings: ['caption-embeddings.safetensors', await captionEmbeddings(emoji)],
}
const out = resolve(flags.out)
await mkdir(out, { recursive: true })
const described = {}
for (const [part, [path, bytes]] of Object.entries(files)) {
  await writeFile(join(out, path), bytes)
  described[part] = { path, sha256: createHash('sha256').update(bytes).digest('hex') }
  console.log(path, bytes.length)
}
const bank = {
  schemaVersion: 1,
  id: 'assay/tiny-world',
  count: emoji.length,
  width: SIDE,
  height: SIDE,
  columns: COLUMNS,
  captionForm: CAPTION_FORM,
  ...described,
}
await writeFile(join(out, 'bank.json'), `${JSON.stringify(bank, null, 1)}\n`)
