import { once } from 'node:events'
import { basename, resolve } from 'node:path'
import { AssayError } from '@assay/core'
import type { ShieldReferences } from '@assay/repellency'
import { type ShieldService, serveShield } from '@assay/repellency/serve'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { pixelSize, wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { openProtected } from '../../shield/protected-pictures.js'
import { pixelVectors } from '../../shield/vector-space.js'

interface ServeFlags extends SessionFlags {
  readonly protect?: readonly string[]
  readonly model: string
  readonly size?: string
  readonly port: string
}

type NamedReferences = Readonly<Record<string, ShieldReferences>>

/** `assay shield serve`: shields samplers of other programs on this machine until Ctrl-C. */
export function serveCommand(flags: ServeFlags): Promise<number> {
  const port = wholeNumber('--port', flags.port)
  return withSession(flags, async (session) => {
    const { signal } = session
    const references = await namedReferences(flags, session)
    const token = process.env['SHIELD_TOKEN'] || null
    const service = await serveShield({
      ...{ references, port, signal },
      ...(token !== null && { token }),
      onFault: (error) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`),
    })
    session.endProgress()
    tell(service, references, flags)
    if (!signal.aborted) await once(signal, 'abort')
    await service.close()
    return exitCode.ok
  })
}

/** Protected pictures by the names that clients use. */
async function namedReferences(
  { protect = [], model, size }: ServeFlags,
  session: CommandSession,
): Promise<NamedReferences> {
  const named = new Map<string, ShieldReferences>()
  const space = size === undefined ? null : pixelVectors(pixelSize('--size', size))
  for (const value of protect) {
    const [, given, set = value] = /^([\w.-]+)=(.+)$/s.exec(value) ?? []
    const name = given ?? basename(resolve(set))
    if (named.has(name)) throw twice(name)
    const known = await openProtected({ protect: set, model, space }, session)
    const [failure] = known.failures
    if (failure) process.stderr.write(`${failure.id} is not protected: ${failure.message}\n`)
    named.set(name, known.references)
  }
  return Object.fromEntries(named)
}

function tell(
  { url, port, token }: ShieldService,
  references: NamedReferences,
  { json, quiet }: ServeFlags,
): void {
  const sets = Object.entries(references)
  const known = sets.map(([name, { size, dimensions }]) => ({ name, pictures: size, dimensions }))
  if (json) {
    printJson({ url, port, token, references: known })
    return
  }
  process.stdout.write(`SHIELD_URL=${url}\nSHIELD_TOKEN=${token}\n`)
  if (quiet) return
  for (const { name, pictures, dimensions } of known) {
    process.stderr.write(`${name}: ${pictures} references of ${dimensions} numbers\n`)
  }
  process.stderr.write('Serving until Ctrl-C.\n')
}

const twice = (name: string): AssayError =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: `Two sets of protected pictures are called ${name}.`,
    value: name,
    remedy: 'Name one of them otherwise: --protect NAME=FOLDER.',
  })
