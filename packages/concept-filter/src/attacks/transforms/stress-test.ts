import {
  AssayError,
  createRandom,
  type ImageEncoder,
  type Interval,
  type ItemFailure,
  itemFailure,
  type Matrix,
  type Progress,
  type RgbImage,
} from '@assay/core'
import { wilsonInterval } from '@assay/core/statistics'
import { certify } from '../../certificates/certify.js'
import type { EmbeddingCertificate } from '../../certificates/embedding-certificate.js'
import type { ConceptFilter } from '../../filter/concept-filter.js'
import { directionShift } from './direction-shift.js'
import type { PictureTransform } from './picture-transform.js'

/** What is stressed, and with what. */
export interface StressTestOptions {
  readonly items: readonly { readonly id: string; readonly image: RgbImage }[]
  /** `naturalTransforms` and `typographicOverlays` of the entry `./node`, or your own. */
  readonly transforms: readonly PictureTransform[]
  /** The deployed encoder, preprocessing included. */
  readonly encoder: ImageEncoder
  readonly filter: ConceptFilter
  /** Default: 0 */
  readonly seed?: number | string
  /** Level of the intervals. Default: .95 */
  readonly level?: number
  readonly progress?: Progress
  readonly signal?: AbortSignal
}

/** What one severity of one transform did to the decisions. */
export interface StressRow {
  readonly transform: string
  readonly severity: number
  readonly unit: string
  /** Pictures that have a decision before and after. */
  readonly n: number
  /** Pictures that have not. */
  readonly missing: number
  /** Decisions that changed: flagged before and passed after, and the other way round. */
  readonly toPassed: number
  readonly toFlagged: number
  /** Share of decisions that changed; null without pictures. */
  readonly flipRate: number | null
  readonly interval: Interval | null
  /**
   * How far embeddings moved: distance of their directions, 2 sin(angle / 2), median and largest. Null
   * without pictures.
   */
  readonly drift: { readonly median: number; readonly largest: number } | null
  /** Pictures that moved less than their exact radius, so that their decision had to stand. */
  readonly withinRadius: number
  /** Of those, decisions that changed all the same: anything but 0 refutes the certificate. */
  readonly flipsWithinRadius: number
}

/** What a stress test says. */
export interface StressReport {
  /** One row a severity, in the order given. */
  readonly rows: readonly StressRow[]
  readonly failures: readonly ItemFailure[]
}

/**
 * Transforms pictures in every way and at every severity, and counts the decisions that change, beside how
 * far the embeddings moved and how far they were certified to be free to move.
 *
 * @throws AssayError `EMPTY_INPUT`, `DUPLICATE_ID`, `ABORTED`, what the filter says of the embeddings
 */
export async function stressTest(options: StressTestOptions): Promise<StressReport> {
  const { items, transforms, seed = 0, progress } = options
  assertItems(items)
  const random = createRandom(seed)
  const before = await look(options, items)
  const failures = [...before.failures]
  const rows: StressRow[] = []
  const total = transforms.reduce((sum, { severities }) => sum + severities.length, 0)
  for (const transform of transforms) {
    for (const severity of transform.severities) {
      // One stream a picture: neither order nor other pictures change what happens to it.
      const streams = random.fork(`${transform.id}/${severity}`)
      const transformed = await transformAll(options, (image, id) =>
        transform.apply(image, severity, streams.fork(id)),
      )
      const after = await look(options, transformed.items)
      failures.push(...transformed.failures, ...after.failures)
      rows.push(compare(before, after, { transform, severity, options }))
      progress?.({ task: 'stress test', done: rows.length, total })
    }
  }
  return { rows, failures }
}

type Items = StressTestOptions['items']

/** What the filter says of pictures, by id. */
interface Look {
  readonly seen: ReadonlyMap<
    string,
    { readonly certificate: EmbeddingCertificate; readonly row: number }
  >
  readonly embeddings: Matrix | null
  readonly failures: readonly ItemFailure[]
}

async function look({ encoder, filter, signal }: StressTestOptions, items: Items): Promise<Look> {
  if (items.length === 0) return { seen: new Map(), embeddings: null, failures: [] }
  const images = items.map(({ id, image }) => ({ id, source: image }))
  const { embeddings, failures } = await encoder.embedImages(images, signal ? { signal } : {})
  const certificates = embeddings.rows > 0 ? certify(filter, embeddings) : []
  const seen = new Map(
    certificates.map((certificate, row) => [certificate.id, { certificate, row }] as const),
  )
  return { seen, embeddings, failures }
}

async function transformAll(
  { items }: StressTestOptions,
  apply: (image: RgbImage, id: string) => Promise<RgbImage> | RgbImage,
) {
  const transformed: { readonly id: string; readonly image: RgbImage }[] = []
  const failures: ItemFailure[] = []
  for (const { id, image } of items) {
    try {
      transformed.push({ id, image: await apply(image, id) })
    } catch (error) {
      failures.push(itemFailure(id, 'transform', error))
    }
  }
  return { items: transformed, failures }
}

interface Comparison {
  readonly transform: PictureTransform
  readonly severity: number
  readonly options: StressTestOptions
}

function compare(
  before: Look,
  after: Look,
  { transform, severity, options }: Comparison,
): StressRow {
  const changes = [...after.seen].flatMap(([id, now]) => {
    const then = before.seen.get(id)
    if (then === undefined || before.embeddings === null || after.embeddings === null) return []
    const shift = directionShift(before.embeddings, after.embeddings, [then.row, now.row])
    const { flagged, relativeRadius } = then.certificate
    const flipped = flagged !== now.certificate.flagged
    return [
      { flagged, flipped, shift, inside: shift < (relativeRadius ?? Number.POSITIVE_INFINITY) },
    ]
  })
  const count = (is: (change: (typeof changes)[number]) => boolean) => changes.filter(is).length
  const [n, flips] = [changes.length, count(({ flipped }) => flipped)]
  const shifts = changes.map(({ shift }) => shift).sort((one, other) => one - other)
  const { level = 0.95 } = options
  return {
    transform: transform.id,
    severity,
    unit: transform.unit,
    n,
    missing: options.items.length - n,
    toPassed: count(({ flipped, flagged }) => flipped && flagged),
    toFlagged: count(({ flipped, flagged }) => flipped && !flagged),
    flipRate: n === 0 ? null : flips / n,
    interval: n === 0 ? null : wilsonInterval({ successes: flips, trials: n }, { level }),
    drift: n === 0 ? null : { median: median(shifts), largest: shifts.at(-1)! },
    withinRadius: count(({ inside }) => inside),
    flipsWithinRadius: count(({ inside, flipped }) => inside && flipped),
  }
}

const median = (sorted: readonly number[]) =>
  (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2

function assertItems(items: Items): void {
  if (items.length === 0) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'A stress test has no pictures.',
      value: items,
      remedy: 'Give one picture or more.',
    })
  }
  const ids = new Set<string>()
  for (const { id } of items) {
    if (ids.has(id)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `Two pictures are called "${id}".`,
        value: id,
        remedy: 'Give each picture an id of its own; decisions before and after are joined by it.',
      })
    }
    ids.add(id)
  }
}
