import { readFileSync } from 'node:fs'
import type { RgbImage } from '@assay/core'
import { createMatrix, selectRows } from '@assay/core'
import { decodeFloat16, parseSafetensors } from '@assay/core/formats'
import { bank, demo } from '@assay/tiny-world'
import sharp from 'sharp'
import { createConceptFilter } from '../../filter/create-concept-filter.js'
import { createConceptPair } from '../../pairs/create-concept-pair.js'

/** The tiny CLIP card's scaling: values in [0, 1] to [-1, 1]. */
export const tinyClipScaling = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const

const jsonLines = <Row>(path: string) =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

/** A filter of animals against food, each side the captions of fifty pictures of the bank. */
export function animalFilter(options: { readonly relevanceFloor?: number } = {}) {
  const rows = jsonLines<{ name: string; group: string }>(`${bank}/pictures.jsonl`)
  const { tensors } = parseSafetensors(readFileSync(`${bank}/caption-embeddings.safetensors`))
  const vectors = tensors.get('vectors')?.data as Uint16Array
  const all = createMatrix({ data: Float32Array.from(decodeFloat16(vectors)), columns: 192 })
  const side = (group: string) => {
    const picked = [...rows.keys()].filter((row) => rows[row]?.group === group).slice(0, 50)
    return {
      prompts: picked.map((row) => rows[row]?.name ?? ''),
      embeddings: selectRows(all, picked),
    }
  }
  const pair = createConceptPair({
    id: 'animals',
    unacceptable: side('animals and nature'),
    acceptable: side('food and drink'),
    relation: 'opposite',
  })
  return createConceptFilter({ pairs: [pair], ...options })
}

/** A picture of the demo. */
export interface DemoPicture {
  readonly id: string
  readonly image: RgbImage
}

/** Held-out demo pictures of a group, in the order of the file. */
export function demoPictures(group: string, count: number): Promise<readonly DemoPicture[]> {
  const rows = jsonLines<{ file_name: string; group: string }>(`${demo.outputs}/metadata.jsonl`)
  const files = rows.filter((row) => row.group === group).slice(0, count)
  return Promise.all(
    files.map(async ({ file_name: id }) => {
      const { data, info } = await sharp(`${demo.outputs}/${id}`)
        .flatten({ background: '#fff' })
        .raw()
        .toBuffer({ resolveWithObject: true })
      const { width, height } = info
      return { id, image: { width, height, data: new Uint8Array(data) } }
    }),
  )
}
