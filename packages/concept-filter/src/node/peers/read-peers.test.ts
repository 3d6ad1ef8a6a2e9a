import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMatrix, type Matrix, type Tensor } from '@assay/core'
import { encodeFloat16, parseNpy, writeNpy, writeSafetensors } from '@assay/core/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assayData } from '../../__fixtures__/assay-data.js'
import reference from '../../peers/peers.oracle.json' with { type: 'json' }
import {
  readDeepFloydChecker,
  readLaionViolence,
  readQ16,
  readSdSafetyChecker,
  readUnsafeDiffusion,
} from './read-peers.js'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'peers-'))
})
afterAll(() => rm(folder, { recursive: true }))

const inFolder = (name: string) => join(folder, name)
const floats = (dims: readonly number[], data: readonly number[]): Tensor => ({
  type: 'float32',
  dims,
  data: Float32Array.from(data),
})
const halves = (dims: readonly number[], data: readonly number[]): Tensor => ({
  type: 'float16',
  dims,
  data: encodeFloat16(data),
})
const codeOf = async (action: () => Promise<unknown>) => {
  try {
    await action()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

const released = assayData('concept-filter')
const at = (name: string) => join(released ?? '', name)
const checkerFiles = {
  concepts: at('sd-safety-checker-concepts.npy'),
  thresholds: at('sd-safety-checker-thresholds.npy'),
  special: at('sd-safety-checker-special.npy'),
  specialThresholds: at('sd-safety-checker-special-thresholds.npy'),
}

async function rowsOf(name: string, factor = 1): Promise<readonly Float32Array[]> {
  const { data, dims } = parseNpy(await readFile(at(name)))
  const columns = dims[1] ?? 0
  return Array.from({ length: dims[0] ?? 0 }, (_, row) =>
    Float32Array.from(
      (data as Float32Array).subarray(row * columns, (row + 1) * columns),
      (value) => factor * value,
    ),
  )
}

/** The pictures of the reference: a multiple of a weight vector, and noise of whole numbers. */
async function referencePictures(): Promise<Matrix> {
  const bases = [
    ...(await rowsOf('sd-safety-checker-concepts.npy')),
    ...(await rowsOf('sd-safety-checker-special.npy')),
    ...(await rowsOf('q16-prompts-vit_l_14.npy')),
    ...(await rowsOf('laion-violence-vit_l_14.npy', 20)),
  ]
  const data = Array.from({ length: reference.rows }, (_, row) =>
    Array.from(bases[row % bases.length]!, (value, k) => {
      const noise = ((k * 7919 + row * 104_729) % 1009) / 1009 - 0.5
      return (((row * 5) % 7) / 40) * value + noise
    }),
  )
  return createMatrix({ data })
}

const largestDifference = (one: readonly number[], other: readonly number[]) =>
  Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? Number.NaN))))

describe.skipIf(released === null)('released weights', () => {
  it.each(['torch', 'onnx'] as const)(
    'score as the %s program of the safety checker',
    async (variant) => {
      const checker = await readSdSafetyChecker(checkerFiles, { variant })
      const said = checker.check(await referencePictures())
      reference.released.safetyChecker.forEach((expected, row) => {
        const { special, concepts, flagged } = expected[variant]
        expect(said[row]?.flagged).toBe(flagged)
        const scores = said[row]?.concepts.map(({ score }) => score) ?? []
        expect(largestDifference(scores, [...special, ...concepts])).toBeLessThan(1e-9)
      })
      expect(said[0]?.concepts.map(({ name }) => name).slice(2, 5)).toEqual([
        'young girl',
        'sexual',
        'nude',
      ])
    },
  )

  it('classify as Q16 and LAION do', async () => {
    const pictures = await referencePictures()
    const { q16, laionViolence } = reference.released
    const said = (await readQ16(at('q16-prompts-vit_l_14.npy'))).check(pictures)
    expect(said.map(({ flagged }) => Number(flagged))).toEqual(q16.classes)
    expect(
      largestDifference(
        said.map(({ concepts }) => concepts[0]!.score),
        q16.probabilities,
      ),
    ).toBeLessThan(1e-9)
    const violent = (await readLaionViolence(at('laion-violence-vit_l_14.npy'))).check(pictures)
    expect(violent.map(({ flagged }) => Number(flagged))).toEqual(laionViolence)
  })

  it('have the probabilities of the heads of Unsafe Diffusion, and flag by any above .5', async () => {
    const files = reference.heads.map((name) => [name, at(`unsafe-diffusion-${name}.safetensors`)])
    const filter = await readUnsafeDiffusion(Object.fromEntries(files))
    const said = filter.check(await referencePictures())
    const heads: Readonly<Record<string, readonly number[]>> = reference.released.unsafeDiffusion
    reference.heads.forEach((name, head) => {
      const probabilities = said.map(({ concepts }) => concepts[head]!.score)
      expect(largestDifference(probabilities, heads[name] ?? [])).toBeLessThan(1e-9)
    })
    expect(said.map(({ flagged }) => flagged)).toEqual(
      said.map((_, row) => Object.values(heads).some((each) => (each[row] ?? 0) > 0.5)),
    )
  })

  it('are held to the encoder that the reader names', async () => {
    const filter = await readQ16(at('q16-prompts-vit_l_14.npy'), { fingerprint: 'clip-l' })
    const other = { ...(await referencePictures()), fingerprint: 'clip-b' }
    expect(() => filter.check(other)).toThrow('cannot be compared')
  })
})

describe('checkpoints of whole models', () => {
  const checkpoint = async (name: string, tensors: Readonly<Record<string, Tensor>>) => {
    await writeFile(inFolder(name), writeSafetensors(new Map(Object.entries(tensors))))
    return inFolder(name)
  }

  it('give the safety checker its vectors, in half precision too', async () => {
    const path = await checkpoint('checker.safetensors', {
      'vision_model.weight': floats([2, 3], [1, 2, 3, 4, 5, 6]),
      concept_embeds: halves([1, 2], [2, 0]),
      concept_embeds_weights: halves([1], [0.5]),
      special_care_embeds: floats([1, 2], [0, 3]),
      special_care_embeds_weights: floats([1], [0.9]),
    })
    const checker = await readSdSafetyChecker(path)
    const [safe, unsafe] = checker.check(
      createMatrix({
        data: [
          [0.1, 1],
          [1, 1],
        ],
      }),
    )
    expect([safe?.flagged, unsafe?.flagged]).toEqual([false, true])
    expect(unsafe?.concepts.map(({ name, score }) => [name, score])).toEqual([
      ['0', -0.193],
      ['0', 0.207],
    ])
  })

  it('give the checker of DeepFloyd IF its heads', async () => {
    const path = await checkpoint('deepfloyd.safetensors', {
      'p_head.weight': floats([1, 2], [1, 0]),
      'p_head.bias': floats([1], [0.25]),
      'w_head.weight': floats([1, 2], [0, 1]),
      'w_head.bias': floats([1], [-1]),
    })
    const said = (await readDeepFloydChecker(path)).check(
      createMatrix({
        data: [
          [0.2, 1],
          [0.3, 1],
          [0, 2],
        ],
      }),
    )
    expect(said.map(({ flagged }) => flagged)).toEqual([false, true, true])
    expect(said[2]?.concepts.map(({ name, found }) => [name, found])).toEqual([
      ['unsafe', false],
      ['watermark', true],
    ])
  })

  it('are refused where a tensor is missing', async () => {
    const path = await checkpoint('other.safetensors', { weight: floats([1], [1]) })
    expect(await codeOf(() => readSdSafetyChecker(path))).toBe('MISSING_INPUT')
  })
})

describe('files that are something else', () => {
  it.each([
    ['MALFORMED_NPY', 'text.npy', async () => new TextEncoder().encode('no array')],
    ['UNSUPPORTED_FORMAT', 'flat.npy', async () => writeNpy(floats([4], [1, 2, 3, 4]))],
    [
      'UNSUPPORTED_FORMAT',
      'whole.npy',
      async () => writeNpy({ type: 'int32', dims: [2, 2], data: Int32Array.of(1, 2, 3, 4) }),
    ],
  ] as const)('are refused: %s', async (code, name, bytes) => {
    await writeFile(inFolder(name), await bytes())
    expect(await codeOf(() => readQ16(inFolder(name)))).toBe(code)
  })

  it('are refused: missing, folders, and cut checkpoints', async () => {
    expect(await codeOf(() => readQ16(inFolder('absent.npy')))).toBe('FILE_MISSING')
    expect(await codeOf(() => readQ16(folder))).toBe('FILE_READ_FAILED')
    await writeFile(inFolder('cut.safetensors'), Uint8Array.of(9, 0, 0))
    expect(await codeOf(() => readDeepFloydChecker(inFolder('cut.safetensors')))).toBe(
      'MALFORMED_SAFETENSORS',
    )
    await writeFile(inFolder('far.safetensors'), Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123))
    expect(await codeOf(() => readDeepFloydChecker(inFolder('far.safetensors')))).toBe(
      'MALFORMED_SAFETENSORS',
    )
  })
})
