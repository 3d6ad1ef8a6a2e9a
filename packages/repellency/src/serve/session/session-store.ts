import { randomBytes } from 'node:crypto'
import { AssayError } from '@assay/core'
import { parseJson, parseOptions } from '@assay/core/formats'
import { createReferenceBank, type ReferenceBank } from '../../references/reference-bank.js'
import type { ShieldReferences } from '../../references/shield-references.js'
import type { ServiceLimits } from '../service-limits.js'
import { type SessionOptions, sessionForm } from './session-form.js'
import { sessionSources } from './session-sources.js'
import { createShieldSession, type ShieldSession } from './shield-session.js'
import { bytesPerWireValue } from './wire-arrays.js'

/** What a store is made from. */
export interface SessionStoreOptions {
  /** References by the names that clients use. */
  readonly references: Readonly<Record<string, ShieldReferences>>
  readonly limits: ServiceLimits
}

/** The runs and banks of a service. */
export interface SessionStore {
  readonly size: number
  /** Begins a run as its JSON says. */
  open(body: Uint8Array): { readonly id: string; readonly options: SessionOptions }
  /** @throws AssayError `MISSING_INPUT` */
  find(id: string): ShieldSession
  /** @throws AssayError `MISSING_INPUT` */
  free(id: string): void
  /** @throws AssayError `MISSING_INPUT` */
  freeBank(name: string): void
  clear(): void
}

/**
 * An empty store. What stands still longer than the session timeout is freed when the next is asked for.
 *
 * @throws AssayError from `open`: `MALFORMED_JSON`, `CONFIG_INVALID`, `CONFIG_UNKNOWN_KEY`,
 *   `LIMIT_EXCEEDED`, and what `sessionSources` throws
 */
export function createSessionStore({ references, limits }: SessionStoreOptions): SessionStore {
  const sessions = new Map<string, { readonly session: ShieldSession; used: number }>()
  const banks = createBanks(limits)
  const shelf = { references, bank: banks.named, assertRoom: banks.assertRoom }

  function freeIdle(): void {
    const oldest = Date.now() - limits.sessionTimeout
    for (const [id, { used }] of sessions) if (used < oldest) sessions.delete(id)
  }

  return {
    get size() {
      freeIdle()
      return sessions.size
    },
    open(body) {
      const options = optionsOf(body)
      assertSize(options, limits)
      const session = createShieldSession(options, sessionSources(options, shelf))
      const id = randomBytes(12).toString('base64url')
      sessions.set(id, { session, used: Date.now() })
      return { id, options }
    },
    find(id) {
      freeIdle()
      const entry = sessions.get(id)
      if (!entry) throw missing('session', id)
      entry.used = Date.now()
      return entry.session
    },
    free(id) {
      if (!sessions.delete(id)) throw missing('session', id)
    },
    freeBank: banks.free,
    clear() {
      sessions.clear()
      banks.clear()
    },
  }
}

function createBanks(limits: ServiceLimits) {
  const banks = new Map<string, ReferenceBank>()
  return {
    named(name: string, dimensions: number): ReferenceBank {
      const known = banks.get(name)
      if (known) return known
      if (banks.size >= limits.banks) throw exceeded(`${limits.banks} banks`, limits.banks)
      const bank = createReferenceBank({ dimensions })
      banks.set(name, bank)
      return bank
    },
    assertRoom(values: number): void {
      const held = [...banks.values()].reduce((sum, bank) => sum + bank.size * bank.dimensions, 0)
      if (held + values > limits.bankValues) {
        throw exceeded(`${limits.bankValues} values in its banks`, held + values)
      }
    },
    free(name: string): void {
      if (!banks.delete(name)) throw missing('bank', name)
    },
    clear: () => banks.clear(),
  }
}

function optionsOf(body: Uint8Array): SessionOptions {
  const text = new TextDecoder().decode(body)
  const options = parseOptions(sessionForm, parseJson(text, { maximumDepth: 4 }), 'session')
  const { seeds, shape, box, dtype, strict, margin } = options
  if (seeds !== null && seeds.length !== shape[0]) {
    throw wrongOption(`${seeds.length} seeds for ${shape[0]} pictures`, seeds.length)
  }
  if (seeds !== null && new Set(seeds).size < seeds.length) {
    throw wrongOption('one seed for two pictures, whose evidence would be one', seeds)
  }
  if (box !== null && !(box[0] < box[1])) throw wrongOption(`the box [${box}]`, box)
  if (strict && dtype === 'float16' && margin === 0) {
    throw wrongOption(
      'strict answers in float16 without a margin, which rounding may bring inside',
      dtype,
    )
  }
  return options
}

function assertSize({ shape, dtype }: SessionOptions, { rows, bodyBytes }: ServiceLimits): void {
  if ((shape[0] ?? 0) > rows) throw exceeded(`${rows} pictures a batch`, shape[0])
  const values = shape.reduce((product, length) => product * length, 1)
  if (values * bytesPerWireValue[dtype] > bodyBytes) {
    throw exceeded(`${bodyBytes} bytes a batch`, shape)
  }
}

const wrongOption = (what: string, value: unknown) =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `A session cannot have ${what}.`,
    value,
    remedy:
      'Give each picture a seed of its own, a box of two rising bounds, and float32 or a margin to what is strict.',
  })

const exceeded = (what: string, value: unknown) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `The service bears no more than ${what}.`,
    value,
    remedy: 'Free what is no longer needed, send smaller batches, or start it with other limits.',
  })

const missing = (what: string, value: string) =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: `There is no such ${what}.`,
    value,
    remedy: `It may have been freed; begin another session.`,
  })
