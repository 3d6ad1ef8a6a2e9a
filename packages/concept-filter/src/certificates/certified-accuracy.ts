import { AssayError, type Measure } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'
import { assertSameLength } from '../measures/assert-same-length.js'
import { shareMeasure } from '../measures/share-measure.js'
import type { SmoothedCertificate } from './certify-smoothed.js'
import type { EmbeddingCertificate } from './embedding-certificate.js'

/** What a certified-accuracy curve is made from. */
export interface CertifiedAccuracyOptions {
  /** One a picture, all of one space and one method. */
  readonly certificates: readonly (EmbeddingCertificate | SmoothedCertificate)[]
  /** Whether each picture truly shows what it must not, said by a judge other than the filter. */
  readonly unacceptable: readonly boolean[]
  /** The prompt of each picture, where several pictures share one. */
  readonly clusters?: readonly ClusterId[]
  /** Radii of the relative axis, shares of the embedding's length. Default: 21, up to the largest. */
  readonly relativeRadii?: readonly number[]
  /** Radii of the absolute axis, in the unit of the certificates. Default: 21, up to the largest. */
  readonly radii?: readonly number[]
  /** Confidence level of each point's interval. Default: .95 */
  readonly level?: number
}

/** One point of the curve. */
export interface CertifiedAccuracyPoint {
  readonly radius: number
  /** Share of pictures that are decided rightly, with a radius of at least this. */
  readonly accuracy: Measure
}

/** How accurate a filter is for certain, by how much change it must withstand. */
export interface CertifiedAccuracy {
  readonly space: EmbeddingCertificate['space'] | SmoothedCertificate['space']
  readonly method: EmbeddingCertificate['method'] | SmoothedCertificate['method']
  /** In the unit of the certificates. */
  readonly absolute: readonly CertifiedAccuracyPoint[]
  /** As shares of the embedding's length; null for pixels, which have no such length. */
  readonly relative: readonly CertifiedAccuracyPoint[] | null
}

/**
 * The certified-accuracy curve: at each radius, the share of pictures that are decided rightly and stay so
 * under any change shorter than that. It never increases, and begins with the plain accuracy. Intervals are
 * of each point alone. A smoothed filter that abstains is wrong.
 *
 * @throws AssayError `EMPTY_INPUT`, `SHAPE_MISMATCH` (labels, clusters), `INVALID_ARGUMENT` for certificates
 *   of several spaces or methods
 *
 * Source: Cohen, Rosenfeld and Kolter (2019), section 4, "certified accuracy"; Espresso (2024) for the
 * embedding.
 */
export function certifiedAccuracy(options: CertifiedAccuracyOptions): CertifiedAccuracy {
  const { certificates, unacceptable, clusters, radii, relativeRadii } = options
  const { space, method } = assertOneKind(certificates)
  assertSameLength(certificates.length, { unacceptable, clusters })
  const right = certificates.map(({ flagged }, at) => flagged === unacceptable[at])
  const curve = (lengths: readonly number[], grid: readonly number[] = gridOf(lengths)) =>
    grid.map((radius) => ({
      radius,
      accuracy: shareMeasure({
        ...options,
        id: 'certified-accuracy',
        outcomes: right.map((correct, at) => correct && (lengths[at] ?? 0) >= radius),
        ofNone: 'there is no picture',
      }),
    }))
  const relative = certificates.flatMap((each) =>
    'relativeRadius' in each ? [each.relativeRadius ?? Number.POSITIVE_INFINITY] : [],
  )
  return {
    space,
    method,
    absolute: curve(
      certificates.map(({ radius }) => radius ?? Number.POSITIVE_INFINITY),
      radii,
    ),
    relative: relative.length === 0 ? null : curve(relative, relativeRadii),
  }
}

/** 21 radii from 0 to the largest finite one. */
function gridOf(lengths: readonly number[]): readonly number[] {
  const largest = lengths.reduce(
    (best, length) => (Number.isFinite(length) ? Math.max(best, length) : best),
    0,
  )
  return largest === 0 ? [0] : Array.from({ length: 21 }, (_, step) => (step / 20) * largest)
}

function assertOneKind(certificates: CertifiedAccuracyOptions['certificates']) {
  const [first] = certificates
  if (first === undefined) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'A certified-accuracy curve needs certificates.',
      value: 0,
      remedy: 'Certify some hundred pictures whose truth is known.',
    })
  }
  const other = certificates.find(
    ({ space, method }) => space !== first.space || method !== first.method,
  )
  if (other === undefined) return first
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `One curve cannot show ${first.method} in ${first.space} and ${other.method} in ${other.space}.`,
    value: [other.space, other.method],
    remedy: 'Draw one curve for each space and method.',
  })
}
