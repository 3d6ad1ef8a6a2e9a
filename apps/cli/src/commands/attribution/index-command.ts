import { resolve } from 'node:path'
import type { FeatureSource } from '@assay/attribution'
import { openFeatures, writeFeatureStore } from '@assay/attribution/node'
import type { ItemFailure } from '@assay/core'
import { embedFeatures } from '../../attribution/embed-features.js'
import {
  fieldList,
  holdsFeatures,
  type SourceFlags,
  sourceOptions,
} from '../../attribution/source-options.js'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { printJson } from '../../print-json.js'
import { printable } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface IndexFlags extends SessionFlags, SourceFlags {
  readonly out: string
  readonly encoder: string
  readonly normalize?: boolean
}

/** `assay attribution index`: pictures or embeddings to a feature store. */
export function indexCommand(path: string, flags: IndexFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const made = (await holdsFeatures(path, flags))
      ? await copyFeatures(path, flags, session)
      : await storePictures(path, flags, session)
    session.endProgress()
    tell(flags, made)
    return made.failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

/** What was stored. */
interface Stored {
  readonly features: FeatureSource
  readonly encoder: string | null
  readonly failures: readonly ItemFailure[]
}

async function copyFeatures(
  path: string,
  flags: IndexFlags,
  { use, signal }: CommandSession,
): Promise<Stored> {
  const features = use(await openFeatures(resolve(path), sourceOptions(flags)))
  const encoder = features.metadata.get('encoder') ?? null
  const metadata = encoder === null ? {} : { encoder }
  await writeFeatureStore(resolve(flags.out), features, { metadata, signal })
  return { features, encoder, failures: [] }
}

async function storePictures(
  path: string,
  { out, encoder: name, normalize = false, labels, fields }: IndexFlags,
  session: CommandSession,
): Promise<Stored> {
  const options = { encoder: name, normalize, labels, fields: fieldList(fields) }
  const embedded = await embedFeatures(path, options, session)
  const { features, encoder } = embedded
  const { signal } = session
  await writeFeatureStore(resolve(out), features, { metadata: { encoder }, signal })
  return embedded
}

function tell({ json, out }: IndexFlags, { features, encoder, failures }: Stored): void {
  const { rows, columns, fingerprint, normalized, mirrored } = features
  const fields = [...features.groups.keys()]
  if (json) {
    printJson({
      out,
      encoder,
      ...{ rows, columns, fingerprint, normalized, mirrored },
      hasIds: features.ids !== null,
      fields,
      failures,
    })
    return
  }
  tellFailures(failures)
  const kind = normalized ? 'normalised' : 'raw'
  process.stdout.write(`${rows} ${kind} features of ${columns} dimensions in ${out}\n`)
  if (fields.length > 0) process.stdout.write(`Labels: ${fields.map(printable).join(', ')}\n`)
}
