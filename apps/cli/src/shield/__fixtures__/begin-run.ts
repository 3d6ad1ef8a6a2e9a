import type { DenoisingHook } from '@assay/core'
import { parseNpy, writeNpy } from '@assay/core/formats'
import type { ShieldService } from '@assay/repellency/serve'

/** A step that was made without a shield, for a session in float64: its states tell the prediction. */
export interface SamplerStep {
  /** Number of its model call. */
  readonly index: number
  /** Noise levels before and after. */
  readonly levels: { readonly sigma: number; readonly next: number }
  /** Shape of a state, and both states. */
  readonly dims: readonly number[]
  readonly before: Float64Array
  readonly after: Float64Array
}

/** One run of a sampler on a shield service. */
export interface ServiceRun {
  /** Lets the service look at the predictions of a model call. */
  readonly hook: DenoisingHook
  /** The state after a step of a sampler as the service corrects it. */
  step(step: SamplerStep): Promise<Float64Array>
  /** Tells the service what was drawn, [pictures, ...] in float32; the rows that are inside of a shield. */
  commit(rows: number, data: Float32Array): Promise<readonly number[]>
}

/** Begins a session of a shield service, as a program that speaks nothing but HTTP would. */
export async function beginRun(
  { url, token }: Pick<ShieldService, 'url' | 'token'>,
  options: object,
): Promise<ServiceRun> {
  const ask = async (method: string, path: string, body: Uint8Array | string) => {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(url + path, { method, headers, body: Buffer.from(body) })
    if (!response.ok) throw new TypeError(await response.text())
    return response
  }
  const begun = await ask('POST', '/v1/sessions', JSON.stringify(options))
  const { session } = (await begun.json()) as { readonly session: string }
  const at = `/v1/sessions/${session}`
  return {
    async hook({ index, prediction }) {
      if (prediction.type !== 'float32') throw new TypeError('Only float32 is sent.')
      const answer = await ask('PUT', `${at}/calls/${index}/repel`, writeNpy(prediction))
      if (answer.status === 204) return undefined
      return { prediction: { ...prediction, data: await withRows(answer, prediction.data) } }
    },
    async step({ index, levels: { sigma, next }, dims, before, after }) {
      const data = Float64Array.of(...before, ...after)
      const path = `${at}/calls/${index}/step?sigma=${sigma}&next=${next}`
      const states = writeNpy({ type: 'float64', dims: [2, ...dims], data })
      const answer = await ask('PUT', path, states)
      return answer.status === 204 ? after : withRows(answer, after)
    },
    async commit(rows, data) {
      const dims = [rows, data.length / rows]
      const answer = await ask('PUT', `${at}/commit`, writeNpy({ type: 'float32', dims, data }))
      return ((await answer.json()) as { readonly inside: readonly number[] }).inside
    },
  }
}

/** A copy with the rows that an answer names. */
async function withRows<Values extends Float32Array | Float64Array>(
  answer: Response,
  values: Values,
): Promise<Values> {
  const moved = parseNpy(new Uint8Array(await answer.arrayBuffer()))
  const data = values.slice() as Values
  const rows = answer.headers.get('x-assay-rows')?.split(',').map(Number) ?? []
  const columns = moved.data.length / rows.length
  for (const [place, row] of rows.entries()) {
    const own = moved.data.subarray(place * columns, (place + 1) * columns)
    data.set(own as Values, row * columns)
  }
  return data
}
