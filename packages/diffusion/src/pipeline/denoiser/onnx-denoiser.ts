import { AssayError, type Tensor } from '@assay/core'
import { cleanPrediction } from '../../sampling/clean-prediction.js'
import type { Denoiser, DenoiserCall } from '../../sampling/denoiser.js'
import { modelCoefficients } from '../../sampling/model-coefficients.js'
import { modelInput } from '../../sampling/model-input.js'
import type { Parametrization } from '../../sampling/parametrization.js'
import type { DenoiserGraph } from './denoiser-graph.js'
import { guide } from './guide.js'
import { numberTensor } from './number-tensor.js'
import type { PromptCondition } from './prompt-condition.js'
import { runRows } from './run-rows.js'
import { timestepFeed } from './timestep-feed.js'

/** What an ONNX model becomes a denoiser with. */
export interface OnnxDenoiserOptions {
  readonly graph: DenoiserGraph
  readonly parametrization: Parametrization
  /** Shape of one picture or latent: channels, height, width. */
  readonly shape: readonly number[]
  readonly positive: PromptCondition
  /** The negative or empty prompt; null where nothing can ask for guidance. */
  readonly negative: PromptCondition | null
  /** The picture's size as SDXL is told it, or null. */
  readonly sizeIds: readonly number[] | null
}

/**
 * An ONNX model as a denoiser, with classifier-free guidance (Ho and Salimans 2022): above a scale of
 * 1 it is run once on twice the rows, without and with the prompt; up to 1, as in diffusers, there is
 * no guidance and one row a picture. The condition of a call is the prompt's token states, [rows,
 * tokens, width]: what a hook puts in its place is fed instead.
 */
export function onnxDenoiser(options: OnnxDenoiserOptions): Denoiser {
  const { graph, parametrization, shape } = options
  return {
    shape,
    async predict(call) {
      const coefficients = modelCoefficients(parametrization, call)
      const guided = call.guidanceScale > 1
      const input = modelInput(coefficients, call.state, guided ? 2 : 1)
      const rows = guided ? 2 * call.rows : call.rows
      const answer = await runRows({
        session: graph.session,
        file: graph.file,
        feeds: feedsOf(options, call, { input, guided }),
        rows,
        output: graph.output,
        single: graph.sample.shape[0] === 1,
        signal: call.signal,
      })
      assertLength(graph, answer, rows * (call.state.length / call.rows))
      const output = guided ? guide(answer, call.guidanceScale) : answer
      // In the memory of the output, which nobody else holds.
      return { clean: cleanPrediction({ coefficients, state: call.state, output, clean: output }) }
    },
  }
}

interface Asked {
  /** One row a picture, or two under guidance. */
  readonly input: Float32Array
  readonly guided: boolean
}

/** Feeds of one run: rows without the prompt come first, as in diffusers. */
function feedsOf(
  { graph, shape, positive, negative, sizeIds }: OnnxDenoiserOptions,
  call: DenoiserCall,
  { input, guided }: Asked,
): Record<string, Tensor> {
  const { sample, timestep, states, pooled, size } = graph
  const rows = guided ? 2 * call.rows : call.rows
  const given = conditionOf(call, positive)
  const without = guided ? absent(negative) : null
  const feeds: Record<string, Tensor> = {
    [sample.name]: numberTensor(sample.type, [rows, ...shape], input),
    [timestep.name]: timestepFeed(graph, call.timestep, rows),
    [states.name]: numberTensor(
      states.type,
      [rows, ...positive.statesShape],
      joined([...copies(without?.states, call.rows), given]),
    ),
  }
  if (pooled !== null && positive.pooled !== null) {
    const values = joined([
      ...copies(without?.pooled, call.rows),
      ...copies(positive.pooled, call.rows),
    ])
    feeds[pooled.name] = numberTensor(pooled.type, [rows, positive.pooled.length], values)
  }
  if (size !== null && sizeIds !== null) {
    const values = joined(copies(Float32Array.from(sizeIds), rows))
    feeds[size.name] = numberTensor(size.type, [rows, sizeIds.length], values)
  }
  return feeds
}

/** Token states of every row, as the prompt or the hook has them. */
function conditionOf({ condition, rows }: DenoiserCall, { statesShape }: PromptCondition) {
  const dims = [rows, ...statesShape]
  if (condition?.type === 'float32' && String(condition.dims) === String(dims)) {
    return condition.data
  }
  const got = condition === null ? 'nothing' : `${condition.type} [${condition.dims}]`
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `The condition is ${got}, but the model reads float32 [${dims}].`,
    value: got,
    remedy: 'A hook that replaces the condition must keep its shape and element type.',
  })
}

function absent(negative: PromptCondition | null): PromptCondition {
  if (negative !== null) return negative
  throw new AssayError({
    code: 'INTERNAL',
    message: 'Guidance was asked for without a condition to guide away from.',
    remedy: 'Report this as a fault of Assay.',
  })
}

function assertLength({ file, output }: DenoiserGraph, got: Float32Array, wanted: number): void {
  if (got.length === wanted) return
  throw new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `${file} gave ${got.length} numbers as ${output} for ${wanted} that it was fed.`,
    value: got.length,
    remedy: 'Use a model that predicts as many channels as it takes; inpainting models do not.',
    location: { file },
  })
}

/** As many times the same values, or none. */
const copies = (values: Float32Array | null | undefined, count: number): readonly Float32Array[] =>
  values ? new Array<Float32Array>(count).fill(values) : []

/** One after another in memory of their own, as feeds are given up. */
function joined(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
