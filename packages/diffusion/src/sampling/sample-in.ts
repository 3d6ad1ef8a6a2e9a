import type { Tensor } from '@assay/core'
import { advance, type Seen } from './advance.js'
import { askHook, assertGuidanceScale } from './ask-hook.js'
import { type Batch, batchNoise, openBatch } from './batch.js'
import type { FloatArray } from './float-array.js'
import type { NoiseLevel } from './noise-level.js'
import type { Precision } from './precision.js'
import { predictClean } from './predict-clean.js'
import type { SampleOptions, SampleResult } from './sample-options.js'
import type { ModelCall } from './schedule.js'

/** What goes from one model call to the next. */
interface Carried<Values extends FloatArray> extends SampleResult<Values> {
  /** What the calls before saw, the last one first. */
  readonly earlier: readonly Seen<Values>[]
  readonly condition: Tensor | null
  readonly guidanceScale: number
}

/** The loop behind `sample`, in either element type. */
export async function sampleIn<Values extends FloatArray>(
  precision: Precision<Values>,
  options: SampleOptions<Values>,
): Promise<SampleResult<Values>> {
  const batch = openBatch(precision, options)
  let carried = begin(batch)
  for (const [index, call] of options.schedule.calls.entries()) {
    carried = await step(batch, { index, call, carried })
  }
  const { state, clean, attachments } = carried
  return { state, clean, attachments }
}

function begin<Values extends FloatArray>(batch: Batch<Values>): Carried<Values> {
  const { condition = null, guidanceScale = 1, schedule } = batch.options
  assertGuidanceScale(guidanceScale)
  const noise = batchNoise(batch, 0)
  const state = batch.precision.create(noise.length)
  for (let at = 0; at < state.length; at++) state[at] = schedule.initialScale * noise[at]!
  return {
    state,
    clean: state,
    earlier: [],
    attachments: null,
    condition,
    guidanceScale,
  }
}

const levelOf = (call: ModelCall | undefined): NoiseLevel | null =>
  call === undefined
    ? null
    : {
        timestep: call.timestep,
        signalCoefficient: call.signalCoefficient,
        noiseCoefficient: call.noiseCoefficient,
      }

interface StepOptions<Values extends FloatArray> {
  readonly index: number
  readonly call: ModelCall
  readonly carried: Carried<Values>
}

async function step<Values extends FloatArray>(
  batch: Batch<Values>,
  { index, call, carried }: StepOptions<Values>,
): Promise<Carried<Values>> {
  const { precision, options, dims } = batch
  const { schedule, seeds, signal, progress } = options
  const { state, condition, guidanceScale } = carried
  const { update, ...level } = call
  const asked = { ...level, condition, guidanceScale }
  const predicted = await predictClean(batch, index, {
    ...asked,
    state,
    rows: seeds.length,
    seeds,
    signal,
  })
  const hooked = await askHook(batch, predicted.clean, {
    ...asked,
    index,
    next: levelOf(schedule.calls[index + 1]),
    seeds,
    count: schedule.calls.length,
    state: precision.tensor(dims, state),
  })
  // A fresh array each time: a hook or a denoiser may have kept the last one.
  const next = precision.create(state.length)
  advance(next, update, {
    state,
    clean: hooked.clean,
    earlier: carried.earlier,
    noise: update.noise === 0 ? state : batchNoise(batch, index + 1),
  })
  progress?.({ task: 'sample', done: index + 1, total: schedule.calls.length })
  return {
    ...hooked,
    state: next,
    earlier: [{ state, clean: hooked.clean }, ...carried.earlier].slice(0, batch.memory),
    attachments: predicted.attachments ?? null,
  }
}
