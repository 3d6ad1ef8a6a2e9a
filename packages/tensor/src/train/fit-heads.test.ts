import { readFileSync } from 'node:fs'
import type { Engine, Tensor } from '@assay/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine } from '../engine/create-engine.js'
import type { GraphValue } from '../graph/graph-node.js'
import { add, mul, sub } from '../graph/operations/arithmetic.js'
import { l2Normalize } from '../graph/operations/normalization.js'
import { gemm } from '../graph/operations/products.js'
import { reduceL2 } from '../graph/operations/reductions.js'
import { columns, plantedPairs } from './__fixtures__/planted-pairs.js'
import { fit } from './fit.js'
import { infoNce } from './losses/info-nce.js'
import { adam } from './optimizers/adam.js'
import type { LossContext } from './training-graph.js'

const text = readFileSync(new URL('./fit-heads.oracle.json', import.meta.url), 'utf8')
const oracle = JSON.parse(text) as {
  contrastive: number[]
  orthogonality: number[]
  recallBefore: number
  recallAfter: number
}
const [pairs, copies] = [512, 8]

type Parameter = 'realWeight' | 'realBias' | 'synthesizedWeight' | 'synthesizedBias'

const tensor = (dims: readonly number[], data: Float64Array): Tensor => ({
  type: 'float64',
  dims,
  data,
})

const identity = Float64Array.from({ length: columns ** 2 }, (_, at) =>
  Number(at % (columns + 1) === 0),
)
const parameters: Record<Parameter, Tensor> = {
  realWeight: tensor([columns, columns], identity),
  realBias: tensor([columns], new Float64Array(columns)),
  synthesizedWeight: tensor([columns, columns], identity),
  synthesizedBias: tensor([columns], new Float64Array(columns)),
}

/** All pairs at every step, with another copy of the synthesised side each time. */
function* copiesInTurn(steps: number) {
  const { real, synthesized } = plantedPairs({ pairs, copies, seed: 1000 })
  for (let step = 0; step < steps; step++) {
    const rows = Array.from({ length: pairs }, (_, pair) => {
      const row = pair * copies + (step % copies)
      return synthesized.subarray(row * columns, (row + 1) * columns)
    })
    const chosen = Float64Array.from(rows.flatMap((row) => [...row]))
    const dims = [pairs, columns]
    yield { real: tensor(dims, real), synthesized: tensor(dims, chosen) }
  }
}

const head = (x: GraphValue, weight: GraphValue, bias: GraphValue) =>
  l2Normalize(gemm(x, weight, { transposeB: true, bias }))

function loss({ graph, parameters: p, batch, report }: LossContext<Parameter, string>) {
  const unit = graph.constant(tensor([columns, columns], identity))
  const distance = (weight: GraphValue) =>
    reduceL2(sub(gemm(weight, weight, { transposeA: true }), unit))
  const queries = head(batch['synthesized'] as GraphValue, p.synthesizedWeight, p.synthesizedBias)
  const keys = head(batch['real'] as GraphValue, p.realWeight, p.realBias)
  const contrastive = infoNce(queries, keys, { temperature: 0.07 })
  const orthogonality = mul(add(distance(p.realWeight), distance(p.synthesizedWeight)), 0.5)
  report('contrastive', contrastive)
  report('orthogonality', orthogonality)
  return add(contrastive, mul(orthogonality, 0.05))
}

/** Rows through a head, as unit vectors. */
function mapped(x: Float64Array, weight: Tensor, bias: Tensor): number[][] {
  return Array.from({ length: x.length / columns }, (_, row) => {
    const sums = Array.from({ length: columns }, (_, out) => {
      let sum = Number(bias.data[out])
      for (let k = 0; k < columns; k++) {
        sum += x[row * columns + k]! * Number(weight.data[out * columns + k])
      }
      return sum
    })
    const length = Math.hypot(...sums)
    return sums.map((value) => value / length)
  })
}

/** Share of held-out synthesised rows whose nearest real row is their own. */
function recall(p: Record<Parameter, Tensor>): number {
  const held = plantedPairs({ pairs: 128, copies, seed: 3000 })
  const keys = mapped(held.real, p.realWeight, p.realBias)
  const queries = mapped(held.synthesized, p.synthesizedWeight, p.synthesizedBias)
  const right = queries.filter((query, row) => {
    const scores = keys.map((key) => key.reduce((sum, value, k) => sum + value * query[k]!, 0))
    return scores.indexOf(Math.max(...scores)) === Math.floor(row / copies)
  })
  return right.length / queries.length
}

describe('fit, on the heads of data attribution', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createEngine({ threads: 1 })
  })
  afterAll(() => engine.close())

  it('follows PyTorch in both terms of the loss, and finds as many held-out partners', async () => {
    const steps = oracle.contrastive.length
    const reported: Readonly<Record<string, number>>[] = []
    const result = await fit({
      engine,
      parameters,
      batches: copiesInTurn(steps),
      loss,
      optimizer: adam({ learningRate: 1e-2 }),
      onStep: (report) => {
        reported.push(report.reported)
      },
    })
    expect(reported).toHaveLength(steps)
    reported.forEach(({ contrastive, orthogonality }, step) => {
      expect(contrastive, `step ${step + 1}`).toBeCloseTo(oracle.contrastive[step] as number, 8)
      expect(orthogonality, `step ${step + 1}`).toBeCloseTo(oracle.orthogonality[step] as number, 8)
    })
    expect(recall(parameters)).toBe(oracle.recallBefore)
    expect(recall(result.parameters)).toBe(oracle.recallAfter)
  })
})
