// What the card of the pool says of its pictures. Intervals are over concepts, whose pictures are not independent.
import {
  clusteredMeanInterval,
  clusteredProportionInterval,
} from '../../../packages/core/dist/statistics.js'
import { grouped } from '../abc-mini/grouped.mjs'

/** Four significant digits. */
const told = (value) => Number(value.toPrecision(4))
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length

/** What a prompt says beside the concept. */
const kindOf = ({ ground, style }) =>
  style !== null ? 'ground and style' : ground !== null ? 'ground' : 'neither'
const shareOf = (values, holds) => told(mean(values.map((value) => Number(holds(value)))))

function proportion(rows, holds, chance) {
  const outcomes = rows.map(holds)
  const concepts = rows.map(({ asked }) => asked.concept)
  const interval = clusteredProportionInterval(outcomes, concepts, { form: 'wilson' })
  return {
    share: told(mean(outcomes.map(Number))),
    interval95: interval && [told(interval.low), told(interval.high)],
    ...(chance !== undefined && { chance: told(chance) }),
  }
}

function average(rows, measured) {
  const values = rows.map(measured)
  const concepts = rows.map(({ asked }) => asked.concept)
  const interval = clusteredMeanInterval(values, concepts, { range: [0, 1] })
  return { mean: told(mean(values)), interval95: [told(interval.low), told(interval.high)] }
}

function quantiles(rows, measured) {
  const sorted = rows.map(measured).sort((a, b) => a - b)
  const at = (share) => told(sorted[Math.round(share * (sorted.length - 1))])
  return { p10: at(0.1), p25: at(0.25), median: at(0.5), p75: at(0.75), p90: at(0.9) }
}

/**
 * @param rows      `{ asked, truth, copyCosine, conceptShare, read }`, where `read` is what the tiny CLIP took the
 *                  picture for: `rank` of its concept, and the best `ground` and `style`, null where none was asked
 * @param drawings  of the bank, for comparison: `siblings`, cosines to the nearest other of the concept on the same
 *                  ground, and `ranks` of their concepts, as in `read`
 * @param threshold cosine of a near copy
 */
export function measurePool({ rows, drawings, concepts, grounds, styles, threshold }) {
  const byKind = grouped(rows, ({ asked }) => kindOf(asked))
  const measured = ([kind, of]) => [
    kind,
    {
      pictures: of.length,
      concepts: new Set(of.map(({ asked }) => asked.concept)).size,
      conceptRead: proportion(of, ({ read }) => read.rank === 1, 1 / concepts),
      conceptReadInFive: proportion(of, ({ read }) => read.rank <= 5, 5 / concepts),
      shareOfConceptsPictures: average(of, ({ conceptShare }) => conceptShare),
      nearCopies: proportion(of, ({ copyCosine }) => copyCosine >= threshold),
      drawingShare: quantiles(of, ({ truth }) => truth.drawingShare),
      groundShare: quantiles(of, ({ truth }) => truth.groundShare),
      ...(kind !== 'neither' && {
        groundObeyed: proportion(of, ({ asked, truth }) => asked.ground === truth.ground),
        groundRead: proportion(of, ({ asked, read }) => asked.ground === read.ground, 1 / grounds),
      }),
      ...(kind === 'ground and style' && {
        styleObeyed: proportion(of, ({ asked, truth }) => asked.style === truth.style),
        styleRead: proportion(of, ({ asked, read }) => asked.style === read.style, 1 / styles),
      }),
    },
  ]
  return {
    distinctPictures: new Set(rows.map(({ truth }) => truth.pixels)).size,
    nearCopyCosine: threshold,
    drawings: {
      pictures: drawings.ranks.length,
      conceptRead: shareOf(drawings.ranks, (rank) => rank === 1),
      conceptReadInFive: shareOf(drawings.ranks, (rank) => rank <= 5),
      nearAnotherOfTheConcept: shareOf(drawings.siblings, (cosine) => cosine >= threshold),
    },
    byKind: Object.fromEntries([...byKind].map(measured)),
  }
}
