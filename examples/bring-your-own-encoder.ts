/**
 * Two ways to bring one's own encoder: an object, and a folder with a card and an ONNX file.
 * See docs/bring-your-own-encoder.md.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AssayError,
  createMatrix,
  type ImageEncoder,
  type ItemFailure,
  itemFailure,
  type RgbImage,
} from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { checkEncoder } from '@assay/core/testing'
import { decodeImage, embedPictures, openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { createGraph, matMul, reduceMean } from '@assay/tensor/graph'

// 1. An object. This one knows a picture by its mean colour; yours may ask a service.

const meanColour = ({ data }: RgbImage): number[] =>
  [0, 1, 2].map((channel) => {
    const values = data.filter((_, index) => index % 3 === channel)
    // One more than the mean, so that black has a direction too.
    return 1 + values.reduce((sum, value) => sum + value, 0) / values.length
  })

const colours: ImageEncoder = {
  specificationVersion: 1,
  id: 'example/colours',
  dimensions: 3,
  space: 'example/colours',
  // Change it whenever the same picture would get another vector.
  fingerprint: 'example/colours 1',
  async embedImages(images, { signal } = {}) {
    const ids: string[] = []
    const rows: number[][] = []
    const failures: ItemFailure[] = []
    for (const { id, source } of images) {
      if (signal?.aborted) throw aborted()
      try {
        const isFile = typeof source === 'string' || source instanceof Uint8Array
        rows.push(meanColour(isFile ? await decodeImage(source, { name: id }) : source))
        ids.push(id)
      } catch (error) {
        failures.push(itemFailure(id, 'decode', error))
      }
    }
    const { dimensions: columns, fingerprint } = colours
    const matrix = createMatrix({ data: rows, columns, ids, fingerprint })
    return { embeddings: normalizeRows(matrix), failures }
  },
}

const aborted = () => new AssayError({ code: 'ABORTED', message: 'Stopped.', remedy: 'Run again.' })

const plain = (id: string, colour: readonly number[]) => ({
  id,
  source: {
    width: 4,
    height: 4,
    data: Uint8Array.from({ length: 48 }, (_, i) => colour[i % 3] ?? 0),
  },
})
const pictures = [
  plain('red', [200, 0, 0]),
  plain('green', [0, 200, 0]),
  plain('blue', [0, 0, 200]),
]
const broken = [{ id: 'broken', source: new TextEncoder().encode('GIF89a') }]

await checkEncoder({ encoder: colours, items: pictures, broken })
const { embeddings, failures } = await embedPictures({
  encoder: colours,
  pictures: [...pictures, ...broken],
})
console.log(
  colours.id,
  'holds to the contract:',
  embeddings.rows,
  'rows,',
  failures.length,
  'failure',
)

// 2. A folder. The graph is made here; yours comes from an export.

const graph = createGraph()
const pixels = graph.input('pixel_values', 'float32', ['batch', 3, 4, 4])
const mixed = Float32Array.from([1, 0.5, 0, 0, 1, 0.5, 0.5, 0, 1])
const weights = graph.constant({ type: 'float32', dims: [3, 3], data: mixed })
graph.output('image_embeds', matMul(reduceMean(pixels, { axes: [2, 3] }), weights))
const bytes = graph.toBytes()

const folder = await mkdtemp(join(tmpdir(), 'own-encoder-'))
await writeFile(join(folder, 'model.onnx'), bytes)
const card = {
  schemaVersion: 1,
  id: 'example/mixed-colours',
  title: 'Mixed colours',
  description: 'Knows a picture by its mean colour, its channels mixed.',
  licence: 'Apache-2.0',
  commercialUse: true,
  source: 'this example',
  dimensions: 3,
  space: 'example/mixed-colours',
  files: [
    {
      path: 'model.onnx',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  ],
  image: {
    model: 'model.onnx',
    input: { name: 'pixel_values', type: 'float32', shape: ['batch', 3, 4, 4] },
    output: { name: 'image_embeds', type: 'float32', shape: ['batch', 3] },
    preprocessing: {
      width: 4,
      height: 4,
      resize: 'stretch',
      interpolation: 'bicubic',
      background: [255, 255, 255],
      scale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    },
  },
}
await writeFile(join(folder, 'card.json'), JSON.stringify(card))

const engine = createEngine()
const opened = await openEncoder({ folder, engine })
if (opened.image) {
  await checkEncoder({ encoder: opened.image, items: pictures, broken })
  const { data, columns } = (await embedPictures({ encoder: opened.image, pictures })).embeddings
  console.log(
    opened.card.id,
    'sees red as',
    [...data.slice(0, columns)].map((value) => value.toFixed(2)),
  )
}
await opened.close()
await engine.close()
await rm(folder, { recursive: true })
