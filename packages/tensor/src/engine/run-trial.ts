import { AssayError } from '@assay/core'
import type { InferenceSession, TypedTensor } from 'onnxruntime-node'
import { createGraph } from '../graph/graph.js'
import { add } from '../graph/operations/arithmetic.js'
import { noCpu } from './device.js'

/** The part of a runtime that a trial needs; those of Node and of browsers have it alike. */
export interface TrialRuntime {
  readonly InferenceSession: {
    create(
      model: Uint8Array,
      options: InferenceSession.SessionOptions,
    ): Promise<Pick<InferenceSession, 'run' | 'release'>>
  }
  readonly Tensor: new (data: Float32Array, dims: readonly number[]) => TypedTensor<'float32'>
}

/** One sum of fixed size, which every device can compute. */
function trialGraph(): Uint8Array {
  const graph = createGraph({ name: 'trial' })
  const x = graph.input('x', 'float32', [4])
  graph.output('y', add(x, x))
  return graph.toBytes()
}

/**
 * Computes a sum on a device and throws where that fails, or gives nonsense. Where `alone`, the CPU is
 * forbidden: ONNX Runtime is otherwise free to hand the sum to it without a word.
 */
export async function runTrial(
  runtime: TrialRuntime,
  { device, alone }: { readonly device: string; readonly alone: boolean },
): Promise<void> {
  const session = await runtime.InferenceSession.create(trialGraph(), {
    executionProviders: [device],
    logSeverityLevel: 4,
    ...(alone && noCpu),
  })
  try {
    const { y } = await session.run({ x: new runtime.Tensor(Float32Array.of(1, 2, 3, 4), [4]) })
    const sum = String(y?.data)
    if (sum !== '2,4,6,8') throw wrongSum(sum)
  } finally {
    await session.release()
  }
}

const wrongSum = (value: string) =>
  new AssayError({
    code: 'ENGINE_FAILED',
    message: `the double of 1,2,3,4 came out as ${value}`,
    value,
    remedy: 'Do not use this device.',
  })
