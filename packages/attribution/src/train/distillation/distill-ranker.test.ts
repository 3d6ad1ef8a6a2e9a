import { createMatrix, createRandom, type Engine, type Matrix } from '@assay/core'
import { normalizeRows } from '@assay/core/linear-algebra'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDistilledRanker } from '../../gradients/distillation/create-distilled-ranker.js'
import { distillationLoss } from '../../gradients/distillation/distillation-loss.js'
import { distilledScores } from '../../gradients/distillation/distilled-scores.js'
import { embedForRanking } from '../../gradients/distillation/embed-for-ranking.js'
import { teacherAgreement } from '../../gradients/distillation/teacher-agreement.js'
import { javascriptProducts } from '../../gradients/products/javascript-products.js'
import { rankItems } from '../../gradients/rank-items.js'
import { distillRanker } from './distill-ranker.js'
import oracle from './distill-ranker.oracle.json' with { type: 'json' }

const float32 = (values: readonly number[]) => Float32Array.from(values)

const rankerOf = ({ layers, inputNormalization: input, scale, offset }: typeof oracle.before) =>
  createDistilledRanker({
    expects: { normalized: false, fingerprint: null },
    inputNormalization: { scale: float32(input.scale), shift: float32(input.shift) },
    layers: layers.map(({ weight, bias, ...sizes }) => ({
      ...sizes,
      weight: float32(weight),
      bias: float32(bias),
    })),
    scale,
    offset,
  })

const queries = createMatrix({ data: oracle.queries })
const train = createMatrix({ data: oracle.train })

async function logitsOf(ranker: Awaited<ReturnType<typeof rankerOf>>) {
  const embed = (features: Matrix) => embedForRanking({ ranker, features })
  const scores = await distilledScores({
    ranker,
    queries: await embed(queries),
    train: await embed(train),
  })
  return scores.data.map((score) => -score)
}

/** Largest absolute difference. */
const gap = (a: ArrayLike<number>, b: readonly number[]) =>
  Math.max(...b.map((value, at) => Math.abs(value - a[at]!)))

const normals = (seed: number | string, rows: number, columns: number) => {
  const random = createRandom(seed)
  const data = Float32Array.from({ length: rows * columns }, () => random.normal())
  return createMatrix({ data, columns })
}

/** A teacher that likes pictures near the query in a few of its features. */
function taught(seed: number, count: number, pictures: Matrix) {
  const queries = normals(seed, count, pictures.columns)
  const rankings = Array.from({ length: count }, (_, query) => {
    const affinity = Array.from({ length: pictures.rows }, (_, item) => {
      let squares = 0
      for (let column = 0; column < 3; column++) {
        const other = pictures.data[item * pictures.columns + column]!
        squares += (queries.data[query * queries.columns + column]! - other) ** 2
      }
      return -squares
    })
    return [...rankItems(affinity)]
  })
  return { queries, rankings }
}

describe('distillationLoss', () => {
  it('is the loss of the specification, and of PyTorch', () => {
    const cosines = [0.9, 0.2, -0.5]
    const targets = [0, 0.5, 0.9999]
    const loss = distillationLoss({ cosines, targets, scale: 2, offset: -0.3 })
    expect(loss).toBeCloseTo(1.312229464, 10)
    expect(loss).toBeCloseTo(oracle.loss, 15)
  })

  it('overflows for no logit, and refuses other numbers of targets', () => {
    const huge = { cosines: [1, -1], targets: [1, 0], scale: 1e4, offset: 0 }
    expect(distillationLoss(huge)).toBe(0)
    expect(distillationLoss({ ...huge, targets: [0, 1] })).toBe(1e4)
    expect(() => distillationLoss({ ...huge, targets: [0] })).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH' }),
    )
    expect(() => distillationLoss({ ...huge, cosines: [] })).toThrow(
      expect.objectContaining({ code: 'EMPTY_INPUT' }),
    )
  })
})

describe('a distilled ranker', () => {
  it('scores as PyTorch does, the influential high', async () => {
    for (const state of [oracle.before, oracle.after]) {
      const logits = await logitsOf(await rankerOf(state))
      expect(gap(logits, state.logits.flat())).toBeLessThan(1e-6)
    }
  })

  it('ranks by the affine score, so that a positive scale turns the order of cosines round', async () => {
    const parts = await rankerOf(oracle.after)
    const flipped = await createDistilledRanker({ ...parts, scale: -parts.scale })
    const [logits, others] = [await logitsOf(parts), await logitsOf(flipped)]
    const order = (values: Float64Array) => [...rankItems(values.subarray(0, train.rows))]
    expect(order(others)).toEqual(order(logits).reverse())
  })

  it('has a fingerprint of its content, and refuses what others embedded', async () => {
    const ranker = await rankerOf(oracle.after)
    const other = await rankerOf(oracle.before)
    expect((await rankerOf(oracle.after)).fingerprint).toBe(ranker.fingerprint)
    expect(other.fingerprint).not.toBe(ranker.fingerprint)
    const [mine, theirs] = [
      await embedForRanking({ ranker, features: queries }),
      await embedForRanking({ ranker: other, features: train }),
    ]
    for (const pair of [theirs, train, { ...mine, fingerprint: null }]) {
      await expect(distilledScores({ ranker, queries: mine, train: pair })).rejects.toMatchObject({
        code: expect.stringMatching(/^(FINGERPRINT|SHAPE)_MISMATCH$/),
      })
    }
  })

  it('refuses features of another kind than it was taught on', async () => {
    const ranker = await rankerOf(oracle.after)
    const fails = (features: Matrix, code: string) =>
      expect(embedForRanking({ ranker, features })).rejects.toMatchObject({ code })
    await fails({ ...queries, normalized: true }, 'NORMALIZATION_MISMATCH')
    await fails(createMatrix({ data: [[1, 2]] }), 'SHAPE_MISMATCH')
    await fails(createMatrix({ data: [[1, 2, 3, 4, Number.NaN]] }), 'NOT_FINITE')
    const known = { ...ranker, expects: { ...ranker.expects, fingerprint: 'a' } }
    const foreign = { ...queries, fingerprint: 'b' }
    await expect(embedForRanking({ ranker: known, features: foreign })).rejects.toMatchObject({
      code: 'FINGERPRINT_MISMATCH',
    })
  })

  it('refuses weights that do not fit or are not finite', async () => {
    const ranker = await rankerOf(oracle.after)
    const [first, ...rest] = ranker.layers
    const input = { scale: float32([1]), shift: float32([0]) }
    for (const [parts, code] of [
      [{ layers: [] }, 'EMPTY_INPUT'],
      [{ layers: rest }, 'SHAPE_MISMATCH'],
      [{ layers: [{ ...first!, bias: float32([1]) }, ...rest] }, 'SHAPE_MISMATCH'],
      [{ layers: [first!, ...rest.slice(1)] }, 'SHAPE_MISMATCH'],
      [{ inputNormalization: input }, 'SHAPE_MISMATCH'],
      [{ scale: Number.NaN }, 'NOT_FINITE'],
    ] as const) {
      await expect(createDistilledRanker({ ...ranker, ...parts })).rejects.toMatchObject({ code })
    }
  })
})

describe('distillRanker', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it('follows PyTorch step by step', async () => {
    const { ranker, epochs } = await distillRanker({
      engine,
      queries,
      train,
      rankings: oracle.rankings,
      initial: await rankerOf(oracle.before),
      batchSize: 18,
      epochs: oracle.losses.length,
      learningRate: 0.01,
      weightDecay: 0.05,
      dropout: 0,
      randomWorst: 0,
    })
    expect(
      gap(
        epochs.map(({ loss }) => loss),
        oracle.losses,
      ),
    ).toBeLessThan(1e-5)
    expect(Math.abs(ranker.scale - oracle.after.scale)).toBeLessThan(1e-4)
    expect(gap(await logitsOf(ranker), oracle.after.logits.flat())).toBeLessThan(1e-3)
  })

  const pictures = normals('pictures', 60, 8)
  const small = { train: pictures, hidden: [32], outputs: 16, batchSize: 256, learningRate: 3e-3 }

  const heldOut = taught(2, 20, pictures)
  const lesson = { ...small, ...taught(1, 300, pictures), learningRate: 1e-2, epochs: 12 }

  it('learns a ranking that held-out queries show, and the features themselves do not', async () => {
    const validation = { ...heldOut, k: 6 }
    const { ranker, epoch, epochs } = await distillRanker({ ...lesson, engine, validation })
    const [first] = epochs
    const best = epochs[epoch - 1]
    expect(epochs).toHaveLength(12)
    expect(best?.validation?.loss).toBe(Math.min(...epochs.map((e) => e.validation?.loss ?? 9)))
    expect(best?.validation?.loss).toBeLessThan(first?.validation?.loss ?? 0)
    const { mean = 0, chance = 1 } = best?.validation?.agreement ?? {}
    expect(mean).toBeGreaterThan(0.8)
    expect(mean).toBeGreaterThan(2 * (await cosineAgreement()).mean)
    expect(chance).toBeLessThan(0.2)
    // Near pictures are influential, and small logits mean influential.
    expect(ranker.scale).toBeLessThan(-1)
  })

  /** How well cosines of the features agree with the teacher. */
  async function cosineAgreement() {
    const [one, other] = [normalizeRows(heldOut.queries), normalizeRows(pictures)]
    const wide = (features: Matrix) => ({ ...features, data: Float64Array.from(features.data) })
    const data = await javascriptProducts.rowProducts(wide(one), wide(other))
    const shape = { rows: one.rows, columns: other.rows, queryIds: null, trainIds: null }
    return teacherAgreement({ scores: { data, ...shape }, rankings: heldOut.rankings, k: 6 })
  }

  it('keeps the last ranker where nothing is held out', async () => {
    const few = { ...small, ...taught(1, 12, pictures), engine }
    const { epoch, epochs } = await distillRanker({ ...few, epochs: 3 })
    expect(epoch).toBe(3)
    expect(epochs.map(({ validation }) => validation)).toEqual([null, null, null])
  })

  it('gives the same ranker for the same seed, bit for bit, and another for another', async () => {
    const run = async (seed: number) => {
      const lesson = { ...taught(1, 12, pictures), engine, seed, epochs: 2 }
      return (await distillRanker({ ...small, ...lesson, normalizeInputs: true })).ranker
    }
    const [one, same, other] = [await run(1), await run(1), await run(2)]
    expect(same).toEqual(one)
    expect(other.fingerprint).not.toBe(one.fingerprint)
    expect(one.inputNormalization).not.toBeNull()
  })

  it('refuses rankings and settings that cannot be meant, and stops when told to', async () => {
    const lesson = { ...small, ...taught(1, 4, pictures), engine, epochs: 1 }
    const fails = (options: object, code: string) =>
      expect(distillRanker({ ...lesson, ...options })).rejects.toMatchObject({ code })
    await fails({ rankings: lesson.rankings.slice(1) }, 'SHAPE_MISMATCH')
    await fails({ rankings: [[1], [2], [3], [4, 5]] }, 'SHAPE_MISMATCH')
    await fails({ rankings: [[], [], [], []] }, 'EMPTY_INPUT')
    await fails(
      {
        rankings: [
          [1, 2],
          [1, 2],
          [1, 1],
          [1, 2],
        ],
      },
      'INVALID_ARGUMENT',
    )
    await fails({ rankings: [[1], [2], [60], [4]] }, 'INVALID_ARGUMENT')
    await fails({ dropout: 1 }, 'INVALID_ARGUMENT')
    await fails({ randomWorst: -0.1 }, 'INVALID_ARGUMENT')
    await fails({ epochs: 0 }, 'INVALID_ARGUMENT')
    await fails({ hidden: [8, 0] }, 'INVALID_ARGUMENT')
    await fails({ queries: { ...lesson.queries, normalized: true } }, 'NORMALIZATION_MISMATCH')
    await fails({ initial: await rankerOf(oracle.before) }, 'SHAPE_MISMATCH')
    await fails({ signal: AbortSignal.abort() }, 'ABORTED')
  })
})
