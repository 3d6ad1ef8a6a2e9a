import { AssayError } from '@assay/core'
import { joinReferences } from '../../references/join-references.js'
import type { ReferenceBank } from '../../references/reference-bank.js'
import type { ShieldReferences } from '../../references/shield-references.js'
import type { SessionOptions } from './session-form.js'
import type { CommitAnswer } from './shield-session.js'

/** What a run keeps away from, and where its finished pictures go. */
export interface SessionSources {
  readonly references: ShieldReferences | null
  commit(pictures: readonly Float64Array[], radius: number): Promise<CommitAnswer>
}

/** Where the service keeps them. */
export interface SourceShelf {
  readonly references: Readonly<Record<string, ShieldReferences>>
  /** The bank of that name, made where there is none yet. */
  bank(name: string, dimensions: number): ReferenceBank
  /** Refuses pictures that the banks have no room for. */
  assertRoom(values: number): void
}

/**
 * The references and the bank that a client named.
 *
 * @throws AssayError `INVALID_ARGUMENT` (a mode without what it needs), `MISSING_INPUT` (unknown
 *   references), `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH`
 */
export function sessionSources(options: SessionOptions, shelf: SourceShelf): SessionSources {
  assertMode(options)
  const dimensions = options.shape.slice(1).reduce((product, length) => product * length, 1)
  const named = options.references === null ? null : namedReferences(options.references, shelf)
  if (named) assertSpace(named, dimensions, options)
  const bank = options.bank === null ? null : shelf.bank(options.bank, dimensions)
  if (bank) assertSpace(bank, dimensions, options)
  const sets = [named, bank].filter((set) => set !== null)
  const references = sets.length === 0 ? null : joinReferences(sets)
  return {
    references,
    async commit(pictures, radius) {
      const near = references ? await references.within(pictures, { radius }) : []
      // Not before the search, as others may fill the room meanwhile.
      if (bank) shelf.assertRoom(pictures.length * dimensions)
      bank?.add(pictures)
      const inside = near.flatMap((found, row) => (found.length > 0 ? [row] : []))
      return { pictures: pictures.length, inside, banked: bank?.size ?? null }
    },
  }
}

function namedReferences(name: string, { references }: SourceShelf): ShieldReferences {
  const found = Object.hasOwn(references, name) ? references[name] : undefined
  if (found) return found
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `The service has no references ${JSON.stringify(name)}.`,
    value: name,
    remedy: `It was started with: ${Object.keys(references).join(', ') || 'none'}.`,
  })
}

function assertMode({ mode, references, bank }: SessionOptions): void {
  const wrong =
    (mode === 'static' && references === null && 'static keeps away from references: name them') ||
    (mode === 'bank' && bank === null && 'bank keeps away from earlier batches: name a bank') ||
    (mode !== 'bank' && bank !== null && 'only the mode bank takes a bank')
  if (!wrong) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The session's mode and what it names do not fit: ${wrong}.`,
    value: mode,
    remedy: 'static takes references; dynamic may; bank takes a bank and may take references.',
  })
}

function assertSpace(
  references: ShieldReferences,
  dimensions: number,
  { fingerprint }: SessionOptions,
): void {
  if (references.dimensions !== dimensions) {
    throw new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `References of ${references.dimensions} numbers cannot shield pictures of ${dimensions}.`,
      value: references.dimensions,
      remedy: "Encode them in the sampler's own space: its latents, with their scale and shift.",
    })
  }
  const known = references.fingerprint
  if (known === null || fingerprint === null || known === fingerprint) return
  throw new AssayError({
    code: 'FINGERPRINT_MISMATCH',
    message: `The references lie in the space ${known}, the run in ${fingerprint}.`,
    value: fingerprint,
    remedy: 'Encode the references with the model, scale and shift that the sampler works with.',
  })
}
