/**
 * Fits a head: an affine map that brings one kind of embedding next to another. See docs/fit-a-head.md.
 */
import { createRandom, type Tensor } from '@assay/core'
import { createEngine } from '@assay/tensor'
import { createGraph, type GraphValue, gemm, l2Normalize, topK } from '@assay/tensor/graph'
import { adamW, cosineRate, fit, infoNce, shuffledBatches } from '@assay/tensor/train'

// Pairs that belong together: what pictures and prompts share, seen by two encoders. Yours come from files.

const random = createRandom('fit-a-head')
const [shared, pictureColumns, promptColumns] = [12, 24, 16]
const normals = (count: number) => Float32Array.from({ length: count }, () => random.normal())
const [picturesSee, promptsSee] = [
  normals(shared * pictureColumns),
  normals(shared * promptColumns),
]

/** `rows` embeddings by an encoder that mixes what is shared, with noise. */
function embed(contents: Float32Array, encoder: Float32Array, columns: number): Tensor {
  const rows = contents.length / shared
  const data = normals(rows * columns).map((noise, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0.1 * noise
    for (let k = 0; k < shared; k++) {
      sum += (contents[row * shared + k] ?? 0) * (encoder[k * columns + column] ?? 0)
    }
    return sum
  })
  return { type: 'float32', dims: [rows, columns], data }
}

function pairs(rows: number): { pictures: Tensor; prompts: Tensor } {
  const contents = normals(rows * shared)
  return {
    pictures: embed(contents, picturesSee, pictureColumns),
    prompts: embed(contents, promptsSee, promptColumns),
  }
}

const training = pairs(2000)
const heldOut = pairs(200)

// The head, and its loss.

const initial = {
  weight: { type: 'float32', dims: [pictureColumns, promptColumns], data: normals(24 * 16) },
  bias: { type: 'float32', dims: [promptColumns], data: new Float32Array(promptColumns) },
} satisfies Record<string, Tensor>

type Head<Value> = Record<keyof typeof initial, Value>

const mapped = (pictures: GraphValue, { weight, bias }: Head<GraphValue>) =>
  l2Normalize(gemm(pictures, weight, { bias }))

const engine = createEngine({ threads: 1 })

/** Share of held-out pictures whose nearest prompt is their own. */
async function recall(head: Head<Tensor>): Promise<number> {
  const graph = createGraph()
  const values = { weight: graph.constant(head.weight), bias: graph.constant(head.bias) }
  const queries = mapped(graph.constant(heldOut.pictures), values)
  const keys = l2Normalize(graph.constant(heldOut.prompts))
  graph.output('nearest', topK(gemm(queries, keys, { transposeB: true }), { k: 1 }).indices)
  const session = await engine.open(graph.toBytes())
  const { nearest } = await session.run({})
  await session.close()
  const found = Array.from(nearest?.data ?? [], Number)
  return found.filter((row, picture) => row === picture).length / found.length
}

let best = { recall: await recall(initial), step: 0, head: initial as Head<Tensor> }
console.log(`untrained: ${Math.round(100 * best.recall)} % of held-out prompts found`)

const { stopped } = await fit({
  engine,
  parameters: initial,
  batches: (seed) => shuffledBatches({ rows: training, batchSize: 128, epochs: 20, seed }),
  seed: 1,
  loss: ({ parameters, batch: { pictures, prompts } }) =>
    infoNce(mapped(pictures, parameters), l2Normalize(prompts), { temperature: 0.1 }),
  optimizer: adamW({ learningRate: cosineRate({ from: 0.03, steps: 320 }) }),
  async onStep({ step, copyParameters, stop }) {
    if (step % 32 > 0) return
    const head = copyParameters()
    const found = await recall(head)
    if (found > best.recall) best = { recall: found, step, head }
    else if (step - best.step >= 96) stop()
  },
})

console.log(`trained: ${Math.round(100 * best.recall)} % found`)
console.log('stopped when more steps found no more:', stopped)
await engine.close()
