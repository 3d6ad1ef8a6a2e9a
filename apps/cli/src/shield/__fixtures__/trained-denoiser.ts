import { createRandom, type Engine, type EngineSession, type Tensor } from '@assay/core'
import { cleanPrediction, type Denoiser, modelCoefficients, modelInput } from '@assay/diffusion'
import { concat, createGraph, type GraphValue, gemm, mul, reduceMean, sub } from '@assay/tensor/graph'
import { gelu } from '@assay/tensor/neural'
import { adam, cosineRate, fit } from '@assay/tensor/train'

/** EDM's preconditioning, for data whose coordinates have this deviation. */
export const parametrization = { type: 'edm', dataDeviation: 0.5 } as const

const layers = ['first', 'second', 'last'] as const
type Parameter = `${(typeof layers)[number]}${'Weight' | 'Bias'}`
const widths = [3, 64, 64, 2]

const float32 = (dims: readonly number[], data: Float32Array): Tensor => ({
  ...{ type: 'float32', dims, data },
})

/** Weights as He et al. (2015) begin, biases of 0. */
function initial(): Record<Parameter, Tensor> {
  const { normal } = createRandom('weights')
  const entries = layers.flatMap((layer, at) => {
    const [from = 0, to = 0] = widths.slice(at, at + 2)
    const scale = Math.sqrt(2 / from)
    const weight = Float32Array.from({ length: to * from }, () => scale * normal())
    return [
      [`${layer}Weight`, float32([to, from], weight)],
      [`${layer}Bias`, float32([to], new Float32Array(to))],
    ]
  })
  return Object.fromEntries(entries) as Record<Parameter, Tensor>
}

/** Two hidden layers between the scaled state beside the noise level and EDM's output. */
function network(
  parameters: Readonly<Record<Parameter, GraphValue>>,
  { input, level }: { readonly input: GraphValue; readonly level: GraphValue },
): GraphValue {
  return layers.reduce(
    (value, layer, at) =>
      gemm(at === 0 ? value : gelu(value), parameters[`${layer}Weight`], {
        transposeB: true,
        bias: parameters[`${layer}Bias`],
      }),
    concat([input, level], { axis: 1 }),
  )
}

/** Noisy points and what the network should say of them, at the noise levels of EDM's own training. */
function* noisyPoints(points: readonly (readonly [number, number])[], steps: number) {
  const rows = 256
  const { normal, integer } = createRandom('noise')
  for (let step = 0; step < steps; step += 1) {
    const [input, target] = [new Float32Array(2 * rows), new Float32Array(2 * rows)]
    const level = new Float32Array(rows)
    for (let row = 0; row < rows; row += 1) {
      const sigma = Math.exp(1.2 * normal() - 1.2)
      const coefficients = modelCoefficients(parametrization, {
        ...{ signalCoefficient: 1, noiseCoefficient: sigma },
      })
      level[row] = Math.log(sigma) / 4
      for (const [at, clean] of (points[integer(points.length)] ?? []).entries()) {
        const state = clean + sigma * normal()
        input[2 * row + at] = coefficients.input * state
        target[2 * row + at] = (clean - coefficients.state * state) / coefficients.output
      }
    }
    yield {
      input: float32([rows, 2], input),
      level: float32([rows, 1], level),
      target: float32([rows, 2], target),
    }
  }
}

/** Trains a network on points of the plane as EDM does (Karras et al. 2022, table 1), and gives its ONNX file. */
export async function trainDenoiser(
  engine: Engine,
  points: readonly (readonly [number, number])[],
): Promise<Uint8Array> {
  const steps = 2000
  const { parameters } = await fit({
    engine,
    parameters: initial(),
    batches: noisyPoints(points, steps),
    optimizer: adam({ learningRate: cosineRate({ from: 5e-3, steps }) }),
    loss: ({ parameters: own, batch: { input, level, target } }) => {
      const error = sub(network(own, { input, level }), target)
      return reduceMean(mul(error, error))
    },
  })
  const graph = createGraph({ name: 'denoiser' })
  const constants = Object.fromEntries(
    Object.entries(parameters).map(([name, tensor]) => [name, graph.constant(tensor)]),
  ) as Record<Parameter, GraphValue>
  const input = graph.input('input', 'float32', ['rows', 2])
  const level = graph.input('level', 'float32', ['rows', 1])
  graph.output('output', network(constants, { input, level }))
  return graph.toBytes()
}

/** The network as samplers see it. */
export function denoiserOf(session: EngineSession): Denoiser {
  return {
    shape: [2],
    async predict({ state, rows, timestep, ...level }) {
      const coefficients = modelCoefficients(parametrization, level)
      const { output } = await session.run({
        input: float32([rows, 2], modelInput(coefficients, state)),
        level: float32([rows, 1], new Float32Array(rows).fill(timestep)),
      })
      if (output?.type !== 'float32') throw new TypeError('The network answers in float32.')
      return { clean: cleanPrediction({ coefficients, state, output: output.data }) }
    },
  }
}
