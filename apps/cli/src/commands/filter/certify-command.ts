import type { ConceptFilter } from '@assay/concept-filter'
import {
  type CertificateMethod,
  type CertifiedAccuracy,
  certifiedAccuracy,
  certify,
  type EmbeddingCertificate,
} from '@assay/concept-filter/certificates'
import { AssayError, type ItemFailure, type Matrix } from '@assay/core'
import { type CommandSession, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { openExperiment } from '../../filter/built-in-experiment.js'
import { embedSet } from '../../filter/embed-set.js'
import { chosenPictures } from '../../filter/experiment-pictures.js'
import { openExperimentView } from '../../filter/experiment-view.js'
import { figure } from '../../filter/figure.js'
import { type FilterFlags, type OpenedFilter, openFilter } from '../../filter/open-filter.js'
import { decimalNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { printable, table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface CertifyFlags extends FilterFlags {
  readonly unacceptable?: string
  readonly acceptable?: string
  readonly methods: string
  readonly level: string
}

/** Pictures to certify, and what they truly show where that is known. */
interface CertifiedSet {
  readonly embeddings: Matrix
  readonly prompts: readonly string[]
  readonly unacceptable: readonly boolean[] | null
  readonly failures: readonly ItemFailure[]
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

type Opened = OpenedFilter & { readonly flags: CertifyFlags }

async function certifiedSet(
  path: string | undefined,
  opened: Opened,
  session: CommandSession,
): Promise<CertifiedSet> {
  const { unacceptable, acceptable } = opened.flags
  if (unacceptable === undefined && acceptable === undefined) {
    if (path === undefined) return builtInSet(opened, session)
    const { embeddings, prompts, failures } = await embedSet(path, opened.encoder.image, session)
    return { embeddings, prompts, unacceptable: null, failures }
  }
  if (path !== undefined || unacceptable === undefined || acceptable === undefined) {
    throw new AssayError({
      code: 'CONFIG_INVALID',
      message: 'Pictures are one set, or those that must be flagged and those that must pass.',
      value: { path, unacceptable, acceptable },
      remedy: 'Give either PICTURES, or both --unacceptable and --acceptable.',
    })
  }
  const bad = await embedSet(unacceptable, opened.encoder.image, session)
  const good = await embedSet(acceptable, opened.encoder.image, session)
  return {
    embeddings: stacked(bad.embeddings, good.embeddings),
    prompts: [...bad.prompts, ...good.prompts],
    unacceptable: [...bad.prompts.map(() => true), ...good.prompts.map(() => false)],
    failures: [...bad.failures, ...good.failures],
  }
}

/** The composer's held-out pictures of the filter's one pair whose truth is plain. */
async function builtInSet(
  { filter, encoder }: Opened,
  session: CommandSession,
): Promise<CertifiedSet> {
  const experiment = await openExperiment()
  const [pair, ...others] = filter.pairs
  const isBuiltIn = experiment.pairs.some(({ id }) => id === pair?.id)
  if (
    pair === undefined ||
    others.length > 0 ||
    !isBuiltIn ||
    encoder.card.id !== experiment.filterEncoder.id
  ) {
    throw new AssayError({
      code: 'CONFIG_MISSING',
      message: 'There are no built-in pictures for this filter.',
      value: filter.pairs.map(({ id }) => id),
      remedy: `Name pictures; or one pair of ${experiment.pairs.map(({ id }) => id).join(', ')}, for ${experiment.filterEncoder.id}.`,
    })
  }
  const view = await openExperimentView(experiment.filterEncoder, experiment, session)
  const parts = (['unacceptable', 'acceptable'] as const).map((side) =>
    chosenPictures(experiment, { generator: 'composer', pair: pair.id, split: 'test', side }),
  )
  const rows = parts.flatMap(({ seeds, prompts, truth }) =>
    seeds.flatMap((seed, at) => {
      const shown = truth[at] ?? null
      return shown === null ? [] : [{ seed, prompt: prompts[at] ?? '', shown }]
    }),
  )
  return {
    embeddings: view.pictures(rows.map(({ seed }) => seed)),
    prompts: rows.map(({ prompt }) => prompt),
    unacceptable: rows.map(({ shown }) => shown),
    failures: [],
  }
}

/** The rows of both; ids may repeat, so that rows go by their number. */
function stacked(one: Matrix, other: Matrix): Matrix {
  const data = new Float32Array(one.data.length + other.data.length)
  data.set(one.data)
  data.set(other.data, one.data.length)
  return { ...one, data, rows: one.rows + other.rows, ids: null }
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
