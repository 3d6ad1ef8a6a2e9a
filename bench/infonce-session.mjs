// The graph written by hand, run bare through onnxruntime-node in whatever thread this is called.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { carriedNames, infoNceByHand, stepScalars } from './infonce-by-hand.mjs'

const float32 = (data, dims) => new Tensor('float32', data, dims)

/** Heads that are the identity, and zeros for all else. */
function start(columns) {
  const identity = Float32Array.from({ length: columns ** 2 }, (_, at) =>
    at % (columns + 1) === 0 ? 1 : 0,
  )
  const tensor = (name) => {
    if (name.endsWith('weight')) return float32(identity, [columns, columns])
    const rows = name.includes('weight') ? columns : 1
    return float32(new Float32Array(rows * columns), [rows, columns])
  }
  return Object.fromEntries(carriedNames.map((name) => [name, tensor(name)]))
}

export async function openByHand({ columns, temperature, learningRate, threads }) {
  const session = await InferenceSession.create(infoNceByHand({ columns, temperature }), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
  })
  let carried = start(columns)
  let step = 0
  return {
    async step({ real, synthetic }) {
      step += 1
      const rows = real.length / columns
      const scalars = Object.entries(stepScalars({ step, rows, learningRate, temperature }))
      const outputs = await session.run({
        real: float32(real, [rows, columns]),
        synthetic: float32(synthetic, [rows, columns]),
        ...carried,
        ...Object.fromEntries(scalars.map(([name, value]) => [name, float32([value], [])])),
      })
      carried = Object.fromEntries(carriedNames.map((name) => [name, outputs[`${name}.next`]]))
      return outputs.loss.data[0]
    },
    parameters: () => Object.fromEntries(carriedNames.map((name) => [name, carried[name].data])),
    close: () => session.release(),
  }
}
