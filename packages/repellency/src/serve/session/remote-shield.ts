import { createShield } from '../../shield/create-shield.js'
import type { ShieldCall, ShieldedPicture } from '../../shield/shield.js'
import type { BatchRows } from './batch-rows.js'
import type { SessionOptions } from './session-form.js'
import type { SessionSources } from './session-sources.js'

/** What a client shows at one model call. */
export interface ShownCall {
  readonly index: number
  readonly timestep: number
  readonly prediction: Float64Array
  /** Null where the client keeps it to itself. */
  readonly state: Float64Array | null
}

/** What a shield did in a run of another program's. */
export interface RemoteEvidence {
  /** One entry a model call; `relativeCorrection` is null where the state was not sent. */
  readonly calls: readonly (Omit<ShieldCall, 'relativeCorrection'> & {
    readonly relativeCorrection: number | null
  })[]
  readonly pictures: readonly ShieldedPicture[]
}

/** A shield for a sampler that shows only what it chooses to. */
export interface RemoteShield {
  /** The prediction out of shields; the same array where nothing moved. */
  correct(call: ShownCall): Promise<Float64Array>
  evidence(): RemoteEvidence
}

/** What a remote shield is made from. */
export interface RemoteShieldOptions {
  readonly options: SessionOptions
  readonly batch: BatchRows
  readonly sources: SessionSources
}

/**
 * A shield for one run of another program's sampler; without seeds its pictures have those from 0 on.
 *
 * @throws AssayError as `createShield` and its hook do
 */
export function createRemoteShield({ options, batch, sources }: RemoteShieldOptions): RemoteShield {
  const { radius, mode, box, overcompensation, strict, margin } = options
  const { rows, columns } = batch
  const seeds = options.seeds ?? Array.from({ length: rows }, (_, row) => row)
  const stateless = new Set<number>()
  const shield = createShield({
    ...(sources.references && { references: sources.references }),
    ...(box && { box }),
    ...{ apart: mode !== 'static', radius, overcompensation, strict, margin },
  })
  const tensor = (data: Float64Array) => ({ type: 'float64' as const, dims: [rows, columns], data })
  return {
    async correct({ index, timestep, prediction, state }) {
      if (state === null) stateless.add(index)
      const adjustment = await shield.hook({
        ...{ index, count: index + 1, timestep, seeds, condition: null, guidanceScale: 1 },
        // Only the sampler knows them, and the shield does not ask.
        ...{ signalCoefficient: Number.NaN, noiseCoefficient: Number.NaN },
        state: tensor(state ?? prediction),
        prediction: tensor(prediction),
      })
      return (adjustment?.prediction?.data as Float64Array | undefined) ?? prediction
    },
    evidence: () => ({
      calls: shield.calls.map((call) => ({
        ...call,
        relativeCorrection: stateless.has(call.index) ? null : call.relativeCorrection,
      })),
      pictures: shield.pictures,
    }),
  }
}
