import { createMatrix } from '@assay/core'
import { expect } from 'vitest'
import { referencesInMemory } from '../../references/references-in-memory.js'
import { ask, begin, startService } from './service-client.js'

const origin = referencesInMemory(createMatrix({ data: [[0, 0, 0]] }))
const latents = referencesInMemory(
  createMatrix({ data: [[0, 0, 0]], fingerprint: 'sd 1.5, scale 0.18215' }),
)
export const references = { origin, latents }
export const run = {
  shape: [2, 3],
  dtype: 'float64',
  radius: 1,
  mode: 'static',
  references: 'origin',
  overcompensation: 1,
}
export const inside = [
  [0.5, 0, 0],
  [3, 4, 0],
]
export const outside = [
  [2, 0, 0],
  [3, 4, 0],
]

export const refusalOf = (code: string) => ({
  code,
  message: expect.stringMatching(/\.$/),
  remedy: expect.stringMatching(/[.?]$/),
})

/** A service with one run on it. */
export async function startRun(options: object = {}, limits = {}) {
  const service = await startService({ references, limits })
  const session = await begin(service, { ...run, ...options })
  const call = (number: number, rows: Uint8Array, verb = 'repel') =>
    ask(service, 'PUT', `/v1/sessions/${session}/calls/${number}/${verb}`, rows)
  const evidence = async () =>
    (await ask(service, 'GET', `/v1/sessions/${session}`)).body as {
      readonly calls: readonly { readonly active: number; readonly relativeCorrection: unknown }[]
      readonly pictures: readonly object[]
      readonly committed: unknown
    }
  return { service, session, call, evidence }
}

