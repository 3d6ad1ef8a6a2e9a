import { describe, expect, it } from 'vitest'
import { createRandom } from '../../index.js'
import { normalQuantile } from '../distributions/normal-quantile.js'
import { clusteredQuantile } from './clustered-quantile.js'

const samples = 1000

/** Normal values in clusters of one to nine, two of a cluster with this correlation. */
function coverage(quantile: number, clusters: number, correlation: number): number {
  const random = createRandom(`quantile ${quantile} ${clusters} ${correlation}`)
  const truth = normalQuantile(quantile)
  let covered = 0
  for (let sample = 0; sample < samples; sample += 1) {
    const items = Array.from({ length: clusters }, (_, cluster) => {
      const shared = Math.sqrt(correlation) * random.normal()
      const own = () => shared + Math.sqrt(1 - correlation) * random.normal()
      return Array.from({ length: 1 + random.integer(9) }, () => ({ cluster, value: own() }))
    }).flat()
    const { interval } = clusteredQuantile(
      items.map(({ value }) => value),
      items.map(({ cluster }) => cluster),
      { quantile, range: [-100, 100] },
    )
    if (interval && interval.low <= truth && truth <= interval.high) covered += 1
  }
  return covered / samples
}

describe('the interval of a quantile', () => {
  for (const quantile of [0.5, 0.9, 0.95]) {
    for (const clusters of [30, 100]) {
      for (const correlation of [0, 0.5]) {
        it(`covers at least at its level: ${quantile}, ${clusters} clusters, ${correlation}`, () => {
          const share = coverage(quantile, clusters, correlation)
          expect(share).toBeGreaterThan(0.945)
        })
      }
    }
  }
})
