import { AssayError, type GenerationRequest } from '@assay/core'
import type { RemoteService, Wish } from './remote-service.js'

const wishes: readonly Wish[] = ['negativePrompt', 'width', 'height', 'steps', 'guidanceScale']

/**
 * Refuses what a service would leave out in silence: the pictures would be judged as something that they
 * are not. Only the seed, which every request has, is told in the metadata instead.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `NOT_FINITE`
 */
export function assertRequest(service: RemoteService, request: GenerationRequest): void {
  const { count, seed, width, height, steps, hook } = request
  const { service: name } = service.access
  if (hook !== undefined) {
    const remedy = 'Leave the hook out, or draw with a pipeline of your own.'
    throw wrong(
      'hook',
      `${name} lets nobody into its model calls, so that no hook can work.`,
      remedy,
    )
  }
  const unknown = wishes.find(
    (wish) => request[wish] !== undefined && !service.knows.includes(wish),
  )
  if (unknown !== undefined) {
    const message = `${name}, as it is set up, takes no ${unknown}.`
    throw wrong(request[unknown], message, `Leave \`${unknown}\` out, or use another generator.`)
  }
  if ((width === undefined) !== (height === undefined)) {
    throw wrong({ width, height }, 'A size needs width and height.', 'Give both or neither.')
  }
  assertWhole('count', count, 1)
  assertWhole('seed', seed, 0)
  assertWhole('seed of the last picture', seed + (count - 1), 0)
  for (const [what, value] of Object.entries({ width, height, steps })) {
    if (value !== undefined) assertWhole(what, value, 1)
  }
  if (request.guidanceScale !== undefined && !Number.isFinite(request.guidanceScale)) {
    throw new AssayError({
      code: 'NOT_FINITE',
      message: `The guidance scale is ${request.guidanceScale}.`,
      value: request.guidanceScale,
      remedy: 'Give a finite number.',
    })
  }
  service.check?.(request)
}

function assertWhole(what: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return
  throw wrong(
    value,
    `The ${what} is ${value}.`,
    `Give a whole number of at least ${least}, at most 2^53.`,
  )
}

const wrong = (value: unknown, message: string, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })
