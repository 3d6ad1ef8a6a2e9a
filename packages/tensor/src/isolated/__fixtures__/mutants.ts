import type { Random, Tensor } from '@assay/core'
import { createGraph } from '../../graph/graph.js'
import { add, mul } from '../../graph/operations/arithmetic.js'
import { concat, gather, slice, transpose } from '../../graph/operations/layout.js'
import { l2Normalize } from '../../graph/operations/normalization.js'
import { gemm, matMul } from '../../graph/operations/products.js'
import { reduceMax, reduceSum } from '../../graph/operations/reductions.js'
import { topK } from '../../graph/operations/selection.js'
import { doublingChain, hugeConstant, hugeExpand, lyingConstant, nestedConditions, shortLoop } from './hostile-models.js'

/** A graph of many kinds of operators. */
function manyOperators(): Uint8Array {
  const graph = createGraph({ name: 'many' })
  const x = graph.input('x', 'float32', ['n'])
  const rows = matMul(
    graph.constant({ type: 'float32', dims: [4, 1], data: Float32Array.of(1, 2, 3, 4) }),
    graph.constant({ type: 'float32', dims: [1, 6], data: Float32Array.of(1, 0, 2, 0, 3, 9) }),
  )
  const unit = l2Normalize(add(rows, 1))
  const cosines = gemm(unit, unit, { transposeB: true })
  const { values, indices } = topK(cosines, { k: 2 })
  graph.output('largest', reduceMax(values))
  graph.output('first', slice(transpose(indices), { axis: 0, start: 0, end: 1 }))
  graph.output('sum', reduceSum(mul(x, 2)))
  graph.output('twice', concat([x, x], { axis: 0 }))
  const places = graph.constant({ type: 'int64', dims: [2], data: BigInt64Array.of(3n, 1n) })
  graph.output('picked', gather(cosines, places))
  return graph.toBytes()
}

/** Models to damage: sound ones of a few hundred bytes. */
export const soundModels = (): readonly Uint8Array[] => [
  manyOperators(),
  manyOperators(),
  hugeConstant(4, 2),
  hugeExpand(),
  doublingChain(4),
  nestedConditions(2),
  shortLoop(3),
]

/** What any of them is fed with. */
export const soundFeeds = (inputs: readonly string[]): Record<string, Tensor> => {
  const feeds: Record<string, Tensor> = {
    x: { type: 'float32', dims: [2], data: Float32Array.of(1, 2) },
    size: { type: 'int64', dims: [2], data: BigInt64Array.of(3n, 2n) },
  }
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => inputs.includes(name)))
}

type Mutation = (bytes: Uint8Array, random: Random, others: readonly Uint8Array[]) => Uint8Array

const overwrite = (bytes: Uint8Array, random: Random): Uint8Array => {
  const changed = Uint8Array.from(bytes)
  changed[random.integer(bytes.length)] = random.integer(256)
  return changed
}

const flips: Mutation = (bytes, random) => {
  const changed = Uint8Array.from(bytes)
  for (let count = 1 + random.integer(4); count > 0; count--) {
    const at = random.integer(bytes.length)
    changed[at] = (changed[at] ?? 0) ^ (1 << random.integer(8))
  }
  return changed
}

const truncation: Mutation = (bytes, random) => bytes.slice(0, random.integer(bytes.length))

/** Cuts some bytes out, and may put some of another model into their place. */
const splice: Mutation = (bytes, random, others) => {
  const at = random.integer(bytes.length)
  const other = pick(others, random)
  const from = random.integer(other.length)
  const piece = other.subarray(from, from + random.integer(40))
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + random.integer(40))])
}

// Most damage is found while loading; of the rest, single bytes leave most.
const mutations: readonly Mutation[] = [overwrite, overwrite, overwrite, flips, truncation, splice]

/** Sound models that ask for anything from nothing to all there is. */
const greedy: readonly ((random: Random) => Uint8Array)[] = [
  (random) => hugeConstant(2 ** random.integer(30), 2 ** random.integer(14)),
  (random) => doublingChain(random.integer(45)),
  (random) => shortLoop(2 ** random.integer(24)),
  (random) => nestedConditions(1 + random.integer(8)),
  (random) => lyingConstant(2 ** random.integer(62)),
]

/** A damaged model, or one in five times a greedy one. */
export function mutant(models: readonly Uint8Array[], random: Random): Uint8Array {
  if (random.integer(5) === 0) return pick(greedy, random)(random)
  return pick(mutations, random)(pick(models, random), random, models)
}

const pick = <Item>(items: readonly Item[], random: Random): Item =>
  items[random.integer(items.length)] as Item
