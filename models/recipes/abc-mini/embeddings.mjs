// Raw embeddings of pictures by the built-in CLIPs, and the float16 matrix files that hold them.

import {
  decodeFloat16,
  encodeFloat16,
  writeSafetensors,
} from '../../../packages/core/dist/formats.js'
import { createMatrix } from '../../../packages/core/dist/index.js'
import { openEncoder } from '../../../packages/embed/dist/index.js'
import { createEngine } from '../../../packages/tensor/dist/index.js'
import { tinyClip } from '../../tiny-world/index.js'

const BATCH = 256

/** The tiny CLIP, without what tells its build apart. */
export async function openTinyClip() {
  const { hashes: _, logitScale: __, image: ___, ...clip } = await openClip({ folder: tinyClip })
  return clip
}

/**
 * One of the built-in CLIPs: `embed(pictures)` resolves to a matrix of rows, rounded as float16 would keep them; `text`
 * is the text tower. Other options are those of `openEncoder`, `normalize: false` for rows as the model gives them, which else have unit length.
 */
export async function openClip(options) {
  const engine = createEngine({ threads: 1 })
  const opened = await openEncoder({ engine, ...options })
  const { card, image, text, weightsSha256, preprocessingHash, close } = opened
  const embed = async (pictures) => {
    const data = new Float32Array(pictures.length * image.dimensions)
    for (let from = 0; from < pictures.length; from += BATCH) {
      const batch = pictures.slice(from, from + BATCH)
      const { embeddings, failures } = await image.embedImages(batch)
      if (failures.length > 0) throw new Error(`${failures.length} pictures were not embedded`)
      data.set(embeddings.data, from * image.dimensions)
    }
    const ids = pictures.map(({ id }) => id)
    const half = decodeFloat16(encodeFloat16(data))
    return createMatrix({ data: half, columns: image.dimensions, ids, requireFinite: true })
  }
  return {
    embed,
    ...{ image, text },
    id: image.id,
    space: image.space,
    fingerprint: image.fingerprint,
    logitScale: card.logitScale,
    hashes: { weightsSha256, preprocessingHash },
    async close() {
      await close()
      await engine.close()
    },
  }
}

/** A matrix in Assay's form of a matrix file, float16, with its ids; `normalized` tells whether its rows are unit. */
export function matrixFile({ ids, columns, data }, { fingerprint, normalized }) {
  const encoded = ids.map((id) => new TextEncoder().encode(id))
  const offsets = new Int32Array(ids.length + 1)
  for (const [row, { length }] of encoded.entries()) offsets[row + 1] = offsets[row] + length
  const text = Uint8Array.from(Buffer.concat(encoded))
  return writeSafetensors(
    new Map([
      ['vectors', { type: 'float16', dims: [ids.length, columns], data: encodeFloat16(data) }],
      ['id_offsets', { type: 'int32', dims: [offsets.length], data: offsets }],
      ['ids', { type: 'uint8', dims: [text.length], data: text }],
    ]),
    new Map([
      ['format', 'assay.matrix'],
      ['version', '1'],
      ['normalized', String(normalized)],
      ['fingerprint', fingerprint],
    ]),
  )
}
