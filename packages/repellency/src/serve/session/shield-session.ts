import { createHash } from 'node:crypto'
import { AssayError } from '@assay/core'
import { createShield } from '../../shield/create-shield.js'
import type { ShieldCall, ShieldedPicture } from '../../shield/shield.js'
import { createCallLedger } from './call-ledger.js'
import { type NoiseLevels, predictionOfStep, stepCoefficients } from './correct-step.js'
import type { SessionOptions } from './session-form.js'
import type { SessionSources } from './session-sources.js'
import { npyOfValues, valuesOfNpy } from './wire-arrays.js'

/** Rows that a call changed, and their new values as npy; null where it changed none. */
export type CallAnswer = { readonly rows: readonly number[]; readonly body: Uint8Array } | null

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

/** What a run came to so far. */
export interface SessionEvidence {
  /** One entry a model call; `relativeCorrection` is null where the state was not sent. */
  readonly calls: readonly (Omit<ShieldCall, 'relativeCorrection'> & {
    readonly relativeCorrection: number | null
  })[]
  readonly pictures: readonly ShieldedPicture[]
  readonly committed: CommitAnswer | null
}

/** What a shield is shown at one call. */
interface Shown {
  readonly index: number
  readonly timestep: number
  readonly prediction: Float64Array
  /** Null where the client keeps it to itself. */
  readonly state: Float64Array | null
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
  const { shape, dtype: type, radius, mode, box, overcompensation, strict, margin } = options
  const [rows = 0, ...rest] = shape
  const columns = rest.reduce((product, length) => product * length, 1)
  const seeds = options.seeds ?? Array.from({ length: rows }, (_, row) => row)
  const calls = createCallLedger<CallAnswer>()
  const commits = createCallLedger<CommitAnswer>()
  const stateless = new Set<number>()
  let committed: CommitAnswer | null = null
  const shield = createShield({
    ...(sources.references && { references: sources.references }),
    ...(box && { box }),
    apart: mode !== 'static',
    radius,
    overcompensation,
    strict,
    margin,
  })

  async function shielded({ index, timestep, prediction, state }: Shown): Promise<Float64Array> {
    if (committed) throw runIsOver()
    const tensor = (data: Float64Array) => ({
      type: 'float64' as const,
      dims: [rows, columns],
      data,
    })
    if (state === null) stateless.add(index)
    const adjustment = await shield.hook({
      index,
      count: index + 1,
      timestep,
      signalCoefficient: Number.NaN,
      noiseCoefficient: Number.NaN,
      seeds,
      state: tensor(state ?? prediction),
      prediction: tensor(prediction),
      condition: null,
      guidanceScale: 1,
    })
    return (adjustment?.prediction?.data as Float64Array | undefined) ?? prediction
  }

  const rowOf = (values: Float64Array, row: number) =>
    values.subarray(row * columns, (row + 1) * columns)

  function changedRows(before: Float64Array, after: Float64Array): CallAnswer {
    const changed = seeds.flatMap((_, row) => {
      const earlier = rowOf(before, row)
      return rowOf(after, row).some((value, at) => value !== earlier[at]) ? [row] : []
    })
    if (changed.length === 0) return null
    const values = new Float64Array(changed.length * columns)
    changed.forEach((row, at) => {
      values.set(rowOf(after, row), at * columns)
    })
    return { rows: changed, body: npyOfValues(values, { type, shape: [changed.length, ...rest] }) }
  }

  return {
    options,
    values: rows * columns,
    repel: ({ number, body, timestep }) =>
      calls.once(number, digestOf(body, { timestep }), async () => {
        const prediction = valuesOfNpy(body, { type, shape })
        const shown = { index: number, timestep: timestep ?? number, prediction, state: null }
        return changedRows(prediction, await shielded(shown))
      }),
    step: ({ number, body, sigma, next }) =>
      calls.once(number, digestOf(body, { sigma, next }), async () => {
        const coefficients = stepCoefficients({ sigma, next }, parametrisationOf(options))
        const states = valuesOfNpy(body, { type, shape: [2, ...shape] })
        const before = states.subarray(0, rows * columns)
        const after = states.subarray(rows * columns)
        const prediction = predictionOfStep(before, after, coefficients)
        const shown = { index: number, timestep: sigma, prediction, state: before }
        const corrected = await shielded(shown)
        const moved = after.map(
          (value, at) => value + coefficients.taken * (corrected[at]! - prediction[at]!),
        )
        return changedRows(after, moved)
      }),
    commit: (body) =>
      commits.once(0, digestOf(body, {}), async () => {
        const values = valuesOfNpy(body, { type, shape })
        const pictures = seeds.map((_, row) => rowOf(values, row))
        committed = await sources.commit(pictures, radius)
        return committed
      }),
    evidence: () => ({
      calls: shield.calls.map((call) => ({
        ...call,
        relativeCorrection: stateless.has(call.index) ? null : call.relativeCorrection,
      })),
      pictures: shield.pictures,
      committed,
    }),
  }
}

/** What a request was: its numbers and its body. */
const digestOf = (body: Uint8Array, numbers: object) =>
  createHash('sha256').update(JSON.stringify(numbers)).update(body).digest('base64')

function parametrisationOf({ parametrisation, dtype }: SessionOptions) {
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
