import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A card as JSON, free to be changed into a wrong one. */
export type CardJson = Record<string, unknown>

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Writes files and a card that names them into a folder. */
export function writeModel(
  folder: string,
  files: Readonly<Record<string, Uint8Array>>,
  card: CardJson,
): void {
  for (const [path, bytes] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  writeFileSync(join(folder, 'card.json'), JSON.stringify({ files: fileEntries(files), ...card }))
}

/** What a card says of files. */
export const fileEntries = (files: Readonly<Record<string, Uint8Array>>) =>
  Object.entries(files).map(([path, bytes]) => ({
    path,
    bytes: bytes.length,
    sha256: hash(bytes),
  }))

/** The part of a card that every model has. */
export const cardHead = {
  schemaVersion: 1,
  id: 'test/model',
  title: 'A model',
  description: 'For a test.',
  licence: 'Apache-2.0',
  commercialUse: true,
  source: 'this test',
  space: 'test/model',
}

/** The picture tower of {@link fakeEngine}: three numbers, the mean of each colour. */
export const imageTower = {
  model: 'image.onnx',
  input: { name: 'pixels', type: 'float32', shape: ['batch', 3, 8, 8] },
  output: { name: 'vector', type: 'float32', shape: ['batch', 3] },
  preprocessing: {
    width: 8,
    height: 8,
    resize: 'stretch',
    interpolation: 'bicubic',
    background: [255, 255, 255],
    scale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
}
