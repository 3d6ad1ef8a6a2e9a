import type { ConceptFilter } from '@assay/concept-filter'
import {
  type CertificateMethod,
  type CertifiedAccuracy,
  certifiedAccuracy,
  certify,
  type EmbeddingCertificate,
} from '@assay/concept-filter/certificates'
import { AssayError } from '@assay/core'
import { withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { figure } from '../../figure.js'
import {
  type CertifiedFolders,
  type CertifiedSet,
  certifiedSet,
} from '../../filter/certified-set.js'
import { type FilterFlags, openFilter } from '../../filter/open-filter.js'
import { decimalNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { printable, table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface CertifyFlags extends FilterFlags, CertifiedFolders {
  readonly methods: string
  readonly level: string
}

/** What one method certifies. */
interface MethodResult {
  readonly method: CertificateMethod
  readonly certificates: readonly EmbeddingCertificate[]
  /** Null where nobody says what the pictures show. */
  readonly curve: CertifiedAccuracy | null
}

/** `assay filter certify`: a certificate for each picture, and the certified-accuracy curve. */
export function certifyCommand(path: string | undefined, flags: CertifyFlags): Promise<number> {
  const methods = methodsOf(flags.methods)
  const level = decimalNumber('--level', flags.level)
  return withSession(flags, async (session) => {
    const opened = await openFilter(flags, session)
    const set = await certifiedSet(path, { ...opened, flags }, session)
    const results = methods.map((method) => certified(opened.filter, set, { method, level }))
    session.endProgress()
    tell(results, set, flags)
    return set.failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

function certified(
  filter: ConceptFilter,
  { embeddings, prompts, unacceptable }: CertifiedSet,
  { method, level }: { readonly method: CertificateMethod; readonly level: number },
): MethodResult {
  const certificates = certify(filter, embeddings, { method })
  if (unacceptable === null) return { method, certificates, curve: null }
  const curve = certifiedAccuracy({
    ...{ certificates, unacceptable, clusters: prompts, level },
    relativeRadii: RELATIVE_RADII,
  })
  return { method, certificates, curve }
}

/** With .0099, where the paper's bound ends at a logit scale of 100. */
const RELATIVE_RADII = [0, 0.005, 0.0099, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5]

const known = ['exact', 'lipschitz', 'paper'] as const

function methodsOf(text: string): readonly CertificateMethod[] {
  return text.split(',').map((name) => {
    const method = known.find((each) => each === name.trim())
    if (method !== undefined) return method
    throw new AssayError({
      code: 'CONFIG_INVALID',
      message: `--methods ${name} is no certificate.`,
      value: name,
      remedy: `Give ${known.join(', ')}, separated by commas.`,
    })
  })
}

function tell(
  results: readonly MethodResult[],
  { unacceptable, failures }: CertifiedSet,
  { json }: CertifyFlags,
): void {
  if (json) {
    printJson({ methods: results, failures })
    return
  }
  tellFailures(failures)
  process.stdout.write(unacceptable === null ? pictureTable(results) : curveTable(results))
  process.stdout.write(
    '\nA radius is the length of noise on the image embedding, as a share of its length. Nothing is certified about changed pixels or prompts.\n',
  )
}

function pictureTable(results: readonly MethodResult[]): string {
  const [first] = results
  const rows = (first?.certificates ?? []).map(({ id, flagged, decidedBy, reasons }, at) => [
    printable(id),
    flagged ? 'flagged' : 'passed',
    decidedBy,
    ...results.map(({ certificates }) => certificates[at]?.relativeRadius?.toFixed(4) ?? 'any'),
    reasons.join(' '),
  ])
  return table([['picture', 'decision', 'by', ...results.map(({ method }) => method)], ...rows])
}

function curveTable(results: readonly MethodResult[]): string {
  const [first] = results
  const points = first?.curve?.relative ?? []
  const rows = points.map(({ radius, accuracy }, at) => [
    String(radius),
    String(accuracy.n),
    ...results.map(({ curve }) => {
      const point = curve?.relative?.[at]
      return point === undefined ? '' : figure(point.accuracy)
    }),
  ])
  const head = ['radius', 'n', ...results.map(({ method }) => `certified accuracy, ${method}`)]
  return table([head, ...rows])
}
