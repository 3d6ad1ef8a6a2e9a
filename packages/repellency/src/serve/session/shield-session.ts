import { createHash } from 'node:crypto'
import { AssayError } from '@assay/core'
import { batchRows, type CallAnswer } from './batch-rows.js'
import { createCallLedger } from './call-ledger.js'
import { type NoiseLevels, predictionOfStep, stepCoefficients } from './correct-step.js'
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
  const { shape, dtype: type, radius } = options
  const batch = batchRows({ type, shape })
  const shield = createRemoteShield({ options, batch, sources })
  const calls = createCallLedger<CallAnswer>()
  const commits = createCallLedger<CommitAnswer>()
  let committed: CommitAnswer | null = null

  function correct(call: ShownCall): Promise<Float64Array> {
    if (committed) throw runIsOver()
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
        const before = states.subarray(0, states.length / 2)
        const after = states.subarray(states.length / 2)
        const prediction = predictionOfStep(before, after, coefficients)
        const call = { index: number, timestep: sigma, prediction, state: before }
        const corrected = await correct(call)
        const { taken } = coefficients
        const moved = after.map((value, at) => value + taken * (corrected[at]! - prediction[at]!))
        return batch.changed(after, moved)
      }),
    commit: (body) =>
      commits.once(0, digestOf(body, {}), async () => {
        const pictures = batch.split(valuesOfNpy(body, { type, shape }))
        committed = await sources.commit(pictures, radius)
        return committed
      }),
    evidence: () => ({ ...shield.evidence(), committed }),
  }
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
