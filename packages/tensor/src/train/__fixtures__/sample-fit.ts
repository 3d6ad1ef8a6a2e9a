import { createRandom, type Engine } from '@assay/core'
import { l2Normalize } from '../../graph/operations/normalization.js'
import { gemm } from '../../graph/operations/products.js'
import { fit } from '../fit.js'
import { infoNce } from '../losses/info-nce.js'
import { adamW } from '../optimizers/adam-w.js'
import { shuffledBatches } from '../shuffled-batches.js'

const [rows, columns] = [50, 8]

/** A head fitted in float32 to pairs of random rows; the last batch of an epoch is short. */
export async function sampleFit(engine: Engine) {
  const random = createRandom('sample-fit')
  const normals = (...dims: [number, number]) => {
    const data = Float32Array.from({ length: dims[0] * dims[1] }, () => random.normal())
    return { type: 'float32', dims, data } as const
  }
  const { parameters, losses } = await fit({
    engine,
    parameters: { weight: normals(columns, columns) },
    batches: (seed) =>
      shuffledBatches({
        rows: { left: normals(rows, columns), right: normals(rows, columns) },
        batchSize: 16,
        epochs: 3,
        seed,
      }),
    seed: 1,
    loss: ({ parameters: { weight }, batch: { left, right } }) =>
      infoNce(l2Normalize(gemm(left, weight)), l2Normalize(right), { temperature: 0.1 }),
    optimizer: adamW({ learningRate: 0.01 }),
  })
  return { losses, weight: Array.from(parameters.weight.data, Number) }
}
