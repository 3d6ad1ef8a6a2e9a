import type { Measure } from '@assay/core'
import { absentMeasure, clusteredMean, clusteredShare } from '@assay/core/measures'
import type { BasePicture } from '../evidence/shield-evidence.js'
import { repellencyMeta } from './repellency-meta.js'
import { promptAndSeed } from './shield-comparisons.js'
import { isCompared, liesInside, type RecordedPicture, type ShieldRecord } from './shield-record.js'

/** Whether the shield held, and what it did for that. */
export function shieldMeasures(record: ShieldRecord): Measure[] {
  return [
    insideShare(record),
    baseInside(record),
    ...actionShares(record),
    relativeCorrection(record),
    ...touchedMeans(record),
  ]
}

const promptsOf = (pictures: readonly RecordedPicture[]): readonly string[] =>
  pictures.map(({ request }) => request.prompt)

function insideShare({ pictures, level }: ShieldRecord): Measure {
  const given = pictures.filter(({ picture }) => picture.outcome === 'image')
  const compared = given.filter(({ request }) => isCompared(request))
  const shared = { id: 'inside', missing: given.length - compared.length }
  if (compared.length === 0) {
    const reason =
      given.length === 0
        ? 'No picture was given out.'
        : 'No finished picture was compared with protected ones.'
    return absentMeasure(repellencyMeta, { ...shared, reason })
  }
  const outcomes = compared.map(liesInside)
  const clusters = promptsOf(compared)
  return clusteredShare(repellencyMeta, { ...shared, outcomes, clusters, level })
}

function baseInside({ evidence: { base, requests }, pictures, level }: ShieldRecord): Measure {
  const id = 'base-inside'
  if (base === null || base.length === 0) {
    const reason = 'No picture was drawn without the shield to compare with.'
    return absentMeasure(repellencyMeta, { id, missing: 0, reason })
  }
  const radiusOf = comparedRadii(requests, pictures)
  const compared = base.flatMap((each) => {
    const radius = radiusOf(each)
    return radius === null ? [] : [{ ...each, radius }]
  })
  const missing = base.length - compared.length
  if (compared.length === 0) {
    const reason = 'No picture without the shield was compared with protected ones.'
    return absentMeasure(repellencyMeta, { id, missing, reason })
  }
  const outcomes = compared.map(
    ({ finishedDistance, radius }) => finishedDistance !== null && finishedDistance < radius,
  )
  const clusters = compared.map(({ prompt }) => prompt)
  return clusteredShare(repellencyMeta, { id, outcomes, clusters, missing, level })
}

/**
 * The radius that a picture without the shield is judged by: that of the same picture with it, or else the
 * one that all compared requests have; null where neither is known.
 */
function comparedRadii(
  requests: ShieldRecord['evidence']['requests'],
  pictures: readonly RecordedPicture[],
): (picture: BasePicture) => number | null {
  const own = new Map(
    pictures
      .filter(({ request }) => isCompared(request))
      .map(({ picture: { seed }, request: { prompt, radius } }) => [
        promptAndSeed({ prompt, seed }),
        radius,
      ]),
  )
  const [first = null, ...others] = new Set(requests.filter(isCompared).map(({ radius }) => radius))
  const shared = others.length === 0 ? first : null
  return (picture) => own.get(promptAndSeed(picture)) ?? shared
}

function actionShares({ pictures, level }: ShieldRecord): Measure[] {
  const seen = pictures.filter(({ picture }) => picture.calls > 0)
  const missing = pictures.length - seen.length
  const shared = { clusters: promptsOf(seen), missing, level }
  return [
    clusteredShare(repellencyMeta, {
      id: 'rejected',
      outcomes: pictures.map(({ picture }) => picture.outcome === 'rejected'),
      clusters: promptsOf(pictures),
      missing: 0,
      level,
    }),
    clusteredShare(repellencyMeta, {
      id: 'touched',
      outcomes: seen.map(({ picture }) => picture.activeCalls > 0),
      ...shared,
    }),
    clusteredMean(repellencyMeta, {
      id: 'active',
      values: seen.map(({ picture }) => picture.activeCalls / picture.calls),
      range: [0, 1],
      ...shared,
    }),
  ]
}

const nothingMet = 'No picture met a shield.'

/** Of each call only the mean is told; the variance by prompt needs no more. */
function relativeCorrection({ evidence, level }: ShieldRecord): Measure {
  const id = 'relative-correction'
  const active = evidence.requests.flatMap(({ prompt, calls }) =>
    calls.filter((call) => call.active > 0).map((call) => ({ prompt, ...call })),
  )
  const told = active.flatMap(({ active: count, relativeCorrection, prompt }) =>
    relativeCorrection === null
      ? []
      : Array.from({ length: count }, () => ({ prompt, relativeCorrection })),
  )
  const missing = active.reduce((sum, call) => sum + call.active, 0) - told.length
  if (told.length === 0) return absentMeasure(repellencyMeta, { id, missing, reason: nothingMet })
  return clusteredMean(repellencyMeta, {
    id,
    values: told.map((each) => each.relativeCorrection),
    clusters: told.map(({ prompt }) => prompt),
    range: [0, Number.POSITIVE_INFINITY],
    missing,
    level,
  })
}

/** Over the pictures that met a shield; the others were left as they are. */
function touchedMeans({ pictures, level }: ShieldRecord): Measure[] {
  const touched = pictures.filter(({ picture }) => picture.activeCalls > 0)
  const mean = (id: string, measured: (each: RecordedPicture) => number) =>
    touched.length === 0
      ? absentMeasure(repellencyMeta, { id, missing: 0, reason: nothingMet })
      : clusteredMean(repellencyMeta, {
          id,
          values: touched.map(measured),
          clusters: promptsOf(touched),
          range: [0, Number.POSITIVE_INFINITY],
          missing: 0,
          level,
        })
  const inRadii = (distance: number | null, { radius }: RecordedPicture['request']) =>
    (distance ?? 0) / radius
  return [
    mean('shields-met', ({ picture }) => picture.shields / picture.activeCalls),
    mean('distance-before', ({ picture, request }) => inRadii(picture.nearest, request)),
    mean('distance-after', ({ picture, request }) => inRadii(picture.nearestAfter, request)),
  ]
}
