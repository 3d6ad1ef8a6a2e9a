import type { IncomingMessage } from 'node:http'
import { AssayError } from '@assay/core'
import type { ShieldReferences } from '../../references/shield-references.js'
import type { ServiceLimits } from '../service-limits.js'
import type { CallAnswer } from '../session/batch-rows.js'
import type { SessionStore } from '../session/session-store.js'
import type { ShieldSession } from '../session/shield-session.js'
import { bytesPerWireValue } from '../session/wire-arrays.js'
import { findRoute, type Route } from './find-route.js'
import { readBody } from './read-body.js'
import { json, type Reply, refusal } from './reply.js'

/** What requests are answered from. */
export interface ServiceState {
  readonly store: SessionStore
  readonly references: Readonly<Record<string, ShieldReferences>>
  readonly limits: ServiceLimits
}

/** The header of an npy array is at most this long, and so is all JSON that clients send. */
const HEADER_BYTES = 65_536

/** Answers a request that may be answered. */
export async function answerRequest(request: IncomingMessage, state: ServiceState): Promise<Reply> {
  const { url = '/' } = request
  // Not by `URL`, which throws at some targets, and takes others for this service's with another host.
  const [pathname = ''] = url.split('?')
  const searchParams = new URLSearchParams(url.slice(pathname.length))
  const found = findRoute(request.method ?? '', pathname)
  if (found === null) {
    return refusal(404, {
      code: 'MISSING_INPUT',
      message: 'The service has no such path.',
      remedy: 'docs/shield-service.md lists its paths.',
    })
  }
  if ('route' in found) return answerRoute(found.route, { ...state, request, searchParams })
  return refusal(
    405,
    {
      code: 'INVALID_ARGUMENT',
      message: 'This path has no such method.',
      remedy: `It has ${found.methods.join(' and ')}.`,
    },
    { allow: found.methods.join(', ') },
  )
}

interface Asked extends ServiceState {
  readonly request: IncomingMessage
  readonly searchParams: URLSearchParams
}

async function answerRoute(route: Route, asked: Asked): Promise<Reply> {
  const { store } = asked
  switch (route.name) {
    case 'describe':
      return describe(asked)
    case 'begin':
      return begin(asked)
    case 'freeBank':
      store.freeBank(route.bank)
      return { status: 204 }
    case 'end':
      store.free(route.session)
      return { status: 204 }
    case 'evidence': {
      const { options, evidence } = store.find(route.session)
      return json({ session: route.session, ...options, ...evidence() })
    }
    case 'commit': {
      const session = store.find(route.session)
      return json(await session.commit(await arrays(1, session, asked)))
    }
    case 'repel': {
      const session = store.find(route.session)
      const timestep = numberAt('timestep', asked)
      const body = await arrays(1, session, asked)
      return rowsReply(await session.repel({ number: route.number, body, timestep }))
    }
    case 'step': {
      const session = store.find(route.session)
      const levels = { sigma: neededAt('sigma', asked), next: neededAt('next', asked) }
      const body = await arrays(2, session, asked)
      return rowsReply(await session.step({ number: route.number, body, ...levels }))
    }
  }
}

function describe({ references, limits }: Asked): Reply {
  const known = Object.entries(references).map(([id, { size, dimensions, fingerprint }]) => ({
    id,
    size,
    dimensions,
    fingerprint,
  }))
  return json({ service: 'assay-shield', protocol: 1, references: known, limits })
}

async function begin({ request, store, limits }: Asked): Promise<Reply> {
  const body = await readBody(request, HEADER_BYTES)
  if (store.size >= limits.sessions) {
    return refusal(429, {
      code: 'LIMIT_EXCEEDED',
      message: `The service bears no more than ${limits.sessions} sessions.`,
      remedy: 'End sessions that are over, or start it with another limit.',
    })
  }
  const { id, options } = store.open(body)
  return json({ session: id, ...options }, 201)
}

/** As many arrays of the session's shape as belong here, and not a byte more than they take. */
function arrays(count: number, session: ShieldSession, { request, limits }: Asked) {
  const bytes = count * session.values * bytesPerWireValue[session.options.dtype] + HEADER_BYTES
  return readBody(request, Math.min(bytes, limits.bodyBytes))
}

const rowsReply = (answer: CallAnswer): Reply =>
  answer === null
    ? { status: 204 }
    : {
        status: 200,
        headers: { 'content-type': 'application/x-npy', 'x-assay-rows': answer.rows.join(',') },
        body: answer.body,
      }

function numberAt(name: string, { searchParams }: Asked): number | null {
  const text = searchParams.get(name)
  if (text === null) return null
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isFinite(value)) return value
  throw wrongNumber(name, text)
}

function neededAt(name: string, asked: Asked): number {
  const value = numberAt(name, asked)
  if (value !== null) return value
  throw wrongNumber(name, null)
}

const wrongNumber = (name: string, value: string | null) =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The query needs a finite number as "${name}".`,
    value,
    remedy: 'Write it in decimal, for instance ?sigma=14.6&next=7.5.',
  })
