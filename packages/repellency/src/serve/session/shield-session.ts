import { createHash } from 'node:crypto'
import { AssayError } from '@assay/core'
import { type BatchRows, batchRows, type CallAnswer } from './batch-rows.js'
import { createCallLedger } from './call-ledger.js'
import {
  type NoiseLevels,
  predictionOfStep,
  type StepCoefficients,
  stepCoefficients,
} from './correct-step.js'
import { createRemoteShield, type RemoteEvidence, type ShownCall } from './remote-shield.js'
import type { Parametrisation, SessionOptions } from './session-form.js'
import type { SessionSources } from './session-sources.js'
import { valuesOfNpy } from './wire-arrays.js'

/** What finished pictures came to. */
export interface CommitAnswer {
  readonly pictures: number
  /** Rows that lie inside of a shield of the references or of the bank as it was. */
  readonly inside: readonly number[]
  /** Pictures in the bank now; null without one. */
  readonly banked: number | null
}

/** One numbered request of a run. */
export interface NumberedCall {
  readonly number: number
  readonly body: Uint8Array
}

/** What a run came to so far. */
export interface SessionEvidence extends RemoteEvidence {
  readonly committed: CommitAnswer | null
}

/** One run of a sampler, shielded from afar. */
export interface ShieldSession {
  readonly options: SessionOptions
  /** Values of one batch. */
  readonly values: number
  /** Corrects predictions; the body holds them in the session's shape. */
  repel(call: NumberedCall & { readonly timestep: number | null }): Promise<CallAnswer>
  /** Corrects states after a first-order deterministic step; the body holds those before and after. */
  step(call: NumberedCall & NoiseLevels): Promise<CallAnswer>
  /** Takes finished pictures: counts those inside of shields and adds all to the bank, once. */
  commit(body: Uint8Array): Promise<CommitAnswer>
  evidence(): SessionEvidence
}

/**
 * A session over a shield of its own.
 *
 * @throws AssayError from its calls: `MALFORMED_NPY`, `SHAPE_MISMATCH`, `NOT_FINITE`, `DUPLICATE_ID`,
 *   `INVALID_ARGUMENT`
 */
export function createShieldSession(
  options: SessionOptions,
  sources: SessionSources,
): ShieldSession {
  const { shape, dtype: type } = options
  const batch = batchRows({ type, shape })
  const shield = createRemoteShield({ options, batch, sources })
  const calls = createCallLedger<CallAnswer>()
  const finished = createCommits(options, { batch, sources })

  function correct(call: ShownCall): Promise<Float64Array> {
    if (finished.answer() !== null) throw runIsOver()
    return shield.correct(call)
  }

  return {
    options,
    values: batch.rows * batch.columns,
    repel: ({ number, body, timestep }) =>
      calls.once(number, digestOf(body, { timestep }), async () => {
        const prediction = valuesOfNpy(body, { type, shape })
        const call = { index: number, timestep: timestep ?? number, prediction, state: null }
        return batch.changed(prediction, await correct(call))
      }),
    step: ({ number, body, sigma, next }) =>
      calls.once(number, digestOf(body, { sigma, next }), async () => {
        const coefficients = stepCoefficients({ sigma, next }, parametrisationOf(options))
        const states = valuesOfNpy(body, { type, shape: [2, ...shape] })
        const after = states.subarray(states.length / 2)
        const correctAt = (shown: Pick<ShownCall, 'prediction' | 'state'>) =>
          correct({ index: number, timestep: sigma, ...shown })
        return batch.changed(after, await afterCorrection(states, coefficients, correctAt))
      }),
    commit: finished.commit,
    evidence: () => ({ ...shield.evidence(), committed: finished.answer() }),
  }
}

/** Takes the finished pictures of a run, once; the answer is null until then. */
function createCommits(
  { shape, dtype: type, radius }: SessionOptions,
  { batch, sources }: { readonly batch: BatchRows; readonly sources: SessionSources },
) {
  const commits = createCallLedger<CommitAnswer>()
  let answer: CommitAnswer | null = null
  return {
    answer: () => answer,
    commit: (body: Uint8Array) =>
      commits.once(0, digestOf(body, {}), async () => {
        answer = await sources.commit(batch.split(valuesOfNpy(body, { type, shape })), radius)
        return answer
      }),
  }
}

/** The second half of the states, as it would be had the step gone by the corrected prediction. */
async function afterCorrection(
  states: Float64Array,
  coefficients: StepCoefficients,
  correct: (shown: Pick<ShownCall, 'prediction' | 'state'>) => Promise<Float64Array>,
): Promise<Float64Array> {
  const state = states.subarray(0, states.length / 2)
  const after = states.subarray(states.length / 2)
  const prediction = predictionOfStep(state, after, coefficients)
  const corrected = await correct({ prediction, state })
  return after.map((value, at) => value + coefficients.taken * (corrected[at]! - prediction[at]!))
}

/** What a request was: its numbers and its body. */
const digestOf = (body: Uint8Array, numbers: object) =>
  createHash('sha256').update(JSON.stringify(numbers)).update(body).digest('base64')

function parametrisationOf({ parametrisation, dtype }: SessionOptions): Parametrisation {
  if (parametrisation !== null && dtype !== 'float16') return parametrisation
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: 'This session cannot correct steps.',
    value: { parametrisation, dtype },
    remedy:
      'Begin it with a parametrisation, and in float32 or float64: states in float16 are too coarse to tell the prediction from.',
  })
}

const runIsOver = () =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: 'The finished pictures of this run were committed.',
    value: null,
    remedy: 'Begin a session for the next run; sessions may share a bank.',
  })
