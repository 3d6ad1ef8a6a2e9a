import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRandom, type Tensor } from '@assay/core'
import { encodeFloat16, parseSafetensors, writeSafetensors } from '@assay/core/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttributionHead, HeadProvenance } from '../../head/attribution-head.js'
import { createAttributionHead } from '../../head/create-attribution-head.js'
import type { FeatureMap } from '../../head/feature-map.js'
import { readHeadFile } from './read-head-file.js'
import { writeHeadFile } from './write-head-file.js'

const { normal } = createRandom(1)
const normals = (length: number) => Float32Array.from({ length }, normal)
const linear = (): FeatureMap => ({
  form: 'linear',
  columns: 3,
  outputColumns: 3,
  weight: normals(9),
  bias: normals(3),
})
const mlp = (): FeatureMap => ({
  form: 'mlp',
  columns: 3,
  outputColumns: 1,
  layers: [
    {
      weight: normals(6),
      mean: normals(2),
      variance: Float32Array.of(1, 2),
      scale: normals(2),
      shift: normals(2),
    },
    {
      weight: normals(2),
      mean: normals(1),
      variance: Float32Array.of(1),
      scale: null,
      shift: null,
    },
  ],
})
const hash = 'a'.repeat(64)
const provenance: HeadProvenance = {
  options: { form: 'linear', temperature: 0.07, shared: false },
  ...{ seed: 'x', steps: 3, models: 2, engine: 'onnxruntime-node 1.30.0' },
  data: { real: hash, synthetic: hash, pool: null },
  validation: { measure: 'mAP', before: 0.1, after: 0.2 },
}
const expects = { normalized: false, fingerprint: 'clip' }
const raw = { normalized: false }
const code = (name: string) => expect.objectContaining({ code: name })

describe('head files', () => {
  let folder: string
  let head: AttributionHead
  const at = (name: string) => join(folder, `${name}.safetensors`)
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-head-'))
    head = await createAttributionHead({ real: linear(), synthetic: linear(), expects, provenance })
    await writeHeadFile(at('head'), head)
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('keep everything', async () => {
    expect(await readHeadFile(at('head'))).toEqual(head)
    expect(await readHeadFile(at('head'), { expects })).toEqual(head)
    await writeHeadFile(at('again'), head)
    expect(await readFile(at('again'))).toEqual(await readFile(at('head')))
  })

  it('keep heads of every form and precision, and what is not known of them', async () => {
    const channel: FeatureMap = {
      form: 'channel',
      columns: 3,
      outputColumns: 3,
      scale: Float64Array.of(1, 0.1, 3),
    }
    const unknown = { normalized: true, fingerprint: null }
    for (const options of [
      { real: channel, synthetic: channel, expects: unknown },
      { real: mlp(), expects: unknown },
      { real: mlp(), synthetic: mlp(), expects },
    ]) {
      const written = await createAttributionHead(options)
      await writeHeadFile(at('form'), written)
      expect(await readHeadFile(at('form'))).toEqual(written)
    }
  })

  const tensor = (dims: readonly number[], data: Float32Array): Tensor => ({
    type: 'float32',
    dims,
    data,
  })
  const released = (): Map<string, Tensor> =>
    new Map([
      ['real_mapper.weight', tensor([3, 3], normals(9))],
      ['real_mapper.bias', tensor([3], normals(3))],
      ['synth_mapper.weight', tensor([3, 3], normals(9))],
      ['synth_mapper.bias', tensor([3], normals(3))],
    ])
  const write = (tensors: ReadonlyMap<string, Tensor>, metadata?: ReadonlyMap<string, string>) =>
    writeFile(at('other'), writeSafetensors(tensors, metadata))

  it('may be exports of released checkpoints, once it is said what these expect', async () => {
    const tensors = released()
    await write(tensors)
    await expect(readHeadFile(at('other'))).rejects.toEqual(code('MISSING_INPUT'))
    const read = await readHeadFile(at('other'), { expects: raw })
    expect(read).toMatchObject({
      ...{ form: 'linear', shared: false, provenance: null },
      expects: { columns: 3, normalized: false, fingerprint: null },
      synthetic: { weight: tensors.get('synth_mapper.weight')?.data },
    })
    const halves = [...tensors].map(([name, { dims, data }]) => {
      const half = encodeFloat16(data as Float32Array)
      return [name, { type: 'float16', dims, data: half }] as const
    })
    await write(new Map(halves))
    const half = await readHeadFile(at('other'), { expects: raw })
    expect(half.real).toMatchObject({ columns: 3, outputColumns: 3 })
  })

  it.each<[string, (tensors: Map<string, Tensor>) => unknown, string]>([
    [
      'without a side',
      (t) => t.delete('synth_mapper.weight') && t.delete('synth_mapper.bias'),
      'MALFORMED_SAFETENSORS',
    ],
    ['without a bias', (t) => t.delete('real_mapper.bias'), 'MALFORMED_SAFETENSORS'],
    [
      'with something more',
      (t) => t.set('optimizer', tensor([1], normals(1))),
      'MALFORMED_SAFETENSORS',
    ],
    [
      'with something more on a side',
      (t) => t.set('real_mapper.scale', tensor([3], normals(3))),
      'MALFORMED_SAFETENSORS',
    ],
    [
      'with a weight of another shape',
      (t) => t.set('real_mapper.weight', tensor([9], normals(9))),
      'MALFORMED_SAFETENSORS',
    ],
    [
      'with a side of other columns',
      (t) => {
        t.set('synth_mapper.weight', tensor([2, 2], normals(4)))
        t.set('synth_mapper.bias', tensor([2], normals(2)))
      },
      'SHAPE_MISMATCH',
    ],
    [
      'of whole numbers',
      (t) => t.set('real_mapper.bias', { type: 'int32', dims: [3], data: Int32Array.of(1, 2, 3) }),
      'MALFORMED_SAFETENSORS',
    ],
    [
      'with NaN',
      (t) => t.set('real_mapper.bias', tensor([3], Float32Array.of(0, Number.NaN, 0))),
      'NOT_FINITE',
    ],
    ['without tensors', (t) => t.clear(), 'MALFORMED_SAFETENSORS'],
  ])('are refused %s', async (_, spoil, expected) => {
    const tensors = released()
    spoil(tensors)
    await write(tensors)
    await expect(readHeadFile(at('other'), { expects: raw })).rejects.toEqual(code(expected))
  })

  it('are refused where they were cut anywhere', async () => {
    const bytes = await readFile(at('head'))
    for (let length = 0; length < bytes.length; length += 37) {
      await writeFile(at('cut'), bytes)
      await truncate(at('cut'), length)
      await expect(readHeadFile(at('cut'))).rejects.toEqual(code('MALFORMED_SAFETENSORS'))
    }
  })

  it('are refused where a weight is not the one that was written', async () => {
    const bytes = await readFile(at('head'))
    bytes[bytes.length - 1]! ^= 1
    await writeFile(at('flipped'), bytes)
    await expect(readHeadFile(at('flipped'))).rejects.toEqual(code('MODEL_HASH_MISMATCH'))
  })

  it('are refused where they expect other features than the caller has', async () => {
    const read = (given: { normalized: boolean; fingerprint?: string | null }) =>
      readHeadFile(at('head'), { expects: given })
    await expect(read({ normalized: true })).rejects.toEqual(code('NORMALIZATION_MISMATCH'))
    await expect(read({ ...raw, fingerprint: 'dino' })).rejects.toEqual(
      code('FINGERPRINT_MISMATCH'),
    )
    expect(await read({ ...raw, fingerprint: null })).toEqual(head)
  })

  it.each([
    ['version', '2'],
    ['form', 'cubic'],
    ['normalized', 'maybe'],
    ['head', undefined],
    ['provenance', '{"seed":1}'],
  ])('are refused with metadata that cannot be meant: %s', async (key, value) => {
    const { metadata, tensors } = parseSafetensors(await readFile(at('head')))
    const spoilt = new Map(metadata)
    if (value === undefined) spoilt.delete(key)
    else spoilt.set(key, value)
    await write(tensors, spoilt)
    await expect(readHeadFile(at('other'))).rejects.toEqual(code('MALFORMED_METADATA'))
  })

  it('are refused where they are not there, no file, or too long', async () => {
    await expect(readHeadFile(at('nowhere'))).rejects.toEqual(code('FILE_MISSING'))
    await expect(readHeadFile(folder)).rejects.toEqual(code('FILE_READ_FAILED'))
    await writeFile(at('long'), '')
    await truncate(at('long'), 2 ** 30 + 1)
    await expect(readHeadFile(at('long'))).rejects.toEqual(code('LIMIT_EXCEEDED'))
  })
})
