import { createMatrix, createRandom, selectRows } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { embeddingScore } from '../attacks/score/embedding-score.js'
import { type CreateConceptPairOptions, createConceptPair } from '../pairs/create-concept-pair.js'
import { softmaxConfidence } from '../score/softmax-confidence.js'
import { createConceptFilter } from './create-concept-filter.js'

const dimensions = [2, 3, 8, 64, 768]

type Settings = Pick<CreateConceptPairOptions, 'logitScale' | 'threshold'>

const side = (vector: readonly number[]) => ({
  prompts: ['prompt'],
  embeddings: createMatrix({ data: [vector] }),
})

const pairOf = (cu: readonly number[], ca: readonly number[], settings: Settings = {}) =>
  createConceptPair({
    ...{ id: 'pair', relation: 'opposite', ...settings },
    ...{ unacceptable: side(cu), acceptable: side(ca) },
  })

/** One case of each dimension in turn, the same for one seed. */
function* randomCases(count: number) {
  const random = createRandom('properties')
  for (let index = 0; index < count; index += 1) {
    const length = dimensions[index % dimensions.length] ?? 2
    const vector = () => Array.from({ length }, random.normal)
    yield { x: vector(), cu: vector(), ca: vector(), uniform: random.uniform() }
  }
}

function decide(x: readonly number[], pair: ReturnType<typeof pairOf>) {
  const [decision] = createConceptFilter({ pairs: [pair] }).check(createMatrix({ data: [x] }))
  return decision!.pairs[0]!
}

/** Two reflections one after the other: a rotation. */
function rotated(vector: readonly number[], axes: readonly (readonly number[])[]) {
  return axes.reduce<readonly number[]>((turned, axis) => {
    const squares = axis.reduce((sum, value) => sum + value * value, 0)
    const product = axis.reduce((sum, value, at) => sum + value * turned[at]!, 0)
    return turned.map((value, at) => value - (2 * product * axis[at]!) / squares)
  }, vector)
}

describe('in 10,000 random cases', () => {
  it("the paper's bound is .0099 of the norm at a scale of 100, where confidence is whole", () => {
    let whole = 0
    for (const { x, cu, ca } of randomCases(10_000)) {
      const { logit, radius } = decide(x, pairOf(cu, ca))
      const share = radius.paper! / Math.hypot(...x.map(Math.fround))
      expect(share).toBeLessThanOrEqual(1 / 101 + 1e-15)
      if (Math.abs(logit) <= 40) continue
      whole += 1
      expect(share).toBeCloseTo(1 / 101, 12)
    }
    expect(whole).toBeGreaterThan(1000)
  })

  it('swapping the sides turns the confidence around and leaves the radii', () => {
    for (const { x, cu, ca, uniform } of randomCases(10_000)) {
      const confidence = 0.02 + 0.96 * uniform
      const said = decide(x, pairOf(cu, ca, { logitScale: 10, threshold: { confidence } }))
      const swapped = decide(
        x,
        pairOf(ca, cu, { logitScale: 10, threshold: { confidence: 1 - confidence } }),
      )
      expect(swapped.confidence).toBeCloseTo(1 - said.confidence, 12)
      for (const kind of ['paper', 'lipschitz', 'exact'] as const) {
        const [one, other] = [said.radius[kind], swapped.radius[kind]]
        if (one === null || other === null) expect(one).toBe(other)
        else expect(one).toBeCloseTo(other, 9)
      }
    }
  })

  it('turning the space changes nothing beyond the rounding of embeddings', () => {
    const random = createRandom('axes')
    for (const { x, cu, ca } of randomCases(10_000)) {
      const axes = [0, 1].map(() => x.map(random.normal))
      const said = decide(x, pairOf(cu, ca))
      const turned = decide(rotated(x, axes), pairOf(rotated(cu, axes), rotated(ca, axes)))
      // Embeddings are float32, so a turned one is another by some 1e-7 of its length.
      expect(turned.margin).toBeCloseTo(said.margin, 5)
      expect(turned.radius.exact!).toBeCloseTo(said.radius.exact!, 4)
    }
  })

  it('raising the threshold never adds a flag', () => {
    for (const { x, cu, ca, uniform } of randomCases(10_000)) {
      const [low, high] = [uniform / 2, (1 + uniform) / 2].map(
        (confidence) =>
          decide(x, pairOf(cu, ca, { logitScale: 5, threshold: { confidence } })).flagged,
      )
      expect(high && !low).toBe(false)
    }
  })

  it('the gradient is that of the margin, and orthogonal to the picture', () => {
    for (const { x, cu, ca } of randomCases(10_000)) {
      const filter = createConceptFilter({ pairs: [pairOf(cu, ca)] })
      const score = embeddingScore(filter)
      const { gradient } = score(x)
      const norm = Math.hypot(...x)
      const along = gradient.reduce((sum, value, at) => sum + value * x[at]!, 0) / norm
      expect(Math.abs(along)).toBeLessThan(1e-12)
      // Along one direction: a central difference for each of 768 columns says no more.
      const step = 1e-5 * norm
      const length = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0))
      const moved = (sign: number) =>
        score(x.map((value, at) => value + (sign * step * gradient[at]!) / length)).score
      const difference = (moved(1) - moved(-1)) / (2 * step)
      expect(Math.abs(difference / length - 1)).toBeLessThan(1e-6)
    }
  })
})

describe('a confidence', () => {
  it('is a number for any logit', () => {
    const exponents = Array.from({ length: 60_001 }, (_, at) => at / 10_000)
    for (const exponent of exponents) {
      for (const logit of [10 ** exponent, -(10 ** exponent)]) {
        const confidence = softmaxConfidence(logit, 1)
        expect(confidence >= 0 && confidence <= 1).toBe(true)
      }
    }
  })
})

describe('decisions of eleven pairs', () => {
  const random = createRandom('eleven pairs')
  const vector = () => Array.from({ length: 768 }, random.normal)
  const pairs = Array.from({ length: 11 }, (_, at) => ({
    ...pairOf(vector(), vector()),
    id: `pair ${at}`,
  }))
  const pictures = createMatrix({
    data: Array.from({ length: 200 }, vector),
    ids: Array.from({ length: 200 }, (_, row) => `picture ${row}`),
  })
  const whole = createConceptFilter({ pairs }).check(pictures)

  it('are the same to the last bit in any order and size of batches', () => {
    const filter = createConceptFilter({ pairs })
    const rows = random.shuffle(whole.map((_, row) => row))
    for (const size of [1, 3, 64, 200]) {
      for (let start = 0; start < rows.length; start += size) {
        const some = rows.slice(start, start + size)
        expect(filter.check(selectRows(pictures, some))).toEqual(some.map((row) => whole[row]))
      }
    }
  })

  it('are the same to the last bit in any order and number of pairs', () => {
    for (let count = 1; count <= 11; count += 1) {
      const some = random.shuffle(pairs).slice(0, count)
      const decisions = createConceptFilter({ pairs: some }).check(pictures)
      for (const [row, decision] of decisions.entries()) {
        for (const { rank: _, ...said } of decision.pairs) {
          const { rank: __, ...before } = whole[row]!.pairs.find(
            ({ pairId }) => pairId === said.pairId,
          )!
          expect(said).toEqual(before)
        }
      }
    }
  })
})
