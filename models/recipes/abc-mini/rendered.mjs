// The rendered pictures of the recipes, small, as the bank has them.
import { open, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const RENDERED = 64
const SIDE = 32
const BYTES = RENDERED * RENDERED * 4

/** The rows of a rendering, each with its place and its part of the split. */
export async function renderedRows(folder) {
  const lines = async (file) =>
    (await readFile(join(resolve(folder), file), 'utf8')).trim().split('\n').map(JSON.parse)
  const parts = await lines('parts.jsonl')
  const rows = await lines('pictures.jsonl')
  return rows.map((row, index) => ({ ...row, index, part: parts[index].part }))
}

/** The pictures at these places, 32 x 32 on white. */
export async function smallPictures(folder, indices) {
  const file = await open(join(resolve(folder), 'pictures.rgba'))
  try {
    const pictures = []
    for (const index of indices) {
      const { buffer } = await file.read(Buffer.alloc(BYTES), 0, BYTES, index * BYTES)
      pictures.push({ width: SIDE, height: SIDE, data: onWhite(buffer) })
    }
    return pictures
  } finally {
    await file.close()
  }
}

/** One 64 x 64 RGBA picture on white, each 2 x 2 pixels averaged: 32 x 32 RGB. */
export function onWhite(rgba) {
  const rgb = new Uint8Array(SIDE * SIDE * 3)
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
