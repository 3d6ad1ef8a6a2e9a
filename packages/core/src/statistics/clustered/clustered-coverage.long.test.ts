import { describe, expect, it } from 'vitest'
import { createRandom, type Interval, type Random } from '../../index.js'
import { meanAndVariance } from '../mean-and-variance.js'
import { clusteredBootstrapInterval } from './clustered-bootstrap-interval.js'
import { clusteredMeanInterval } from './clustered-mean-interval.js'
import { clusteredProportionInterval } from './clustered-proportion-interval.js'
import { deleteAGroup } from './delete-a-group.js'
import { jackknifeInterval } from './jackknife-interval.js'

/** Sizes of clusters: pictures a prompt. The last is far out: one cluster in a hundred has 30 or more. */
const sizes = {
  four: () => 4,
  'one to nine': (random: Random) => 1 + random.integer(9),
  geometric: (random: Random) => 1 + Math.floor(Math.log(1 - random.uniform()) / Math.log(0.75)),
  lognormal: (random: Random) => 1 + Math.floor(3 * Math.exp(random.normal())),
}

/** Parts that values are summed from, with mean 0 and variance 1. */
const parts = {
  normal: (random: Random) => random.normal(),
  exponential: (random: Random) => -Math.log(1 - random.uniform()) - 1,
}

interface Sample {
  readonly values: number[]
  readonly clusters: number[]
}

interface Design {
  readonly clusters: number
  readonly size: keyof typeof sizes
  /** Correlation of two items of one cluster. */
  readonly correlation: number
  readonly values: keyof typeof parts | number
}

/** A cluster's items: a shared part and own parts, or an urn that gives beta-binomial outcomes. */
function cluster(size: number, { correlation, values }: Design, random: Random): number[] {
  if (typeof values === 'number') {
    let successes = values * (1 / correlation - 1)
    let failures = (1 - values) * (1 / correlation - 1)
    return Array.from({ length: size }, () => {
      const success = random.uniform() * (successes + failures) < successes
      if (success) successes += 1
      else failures += 1
      return success ? 1 : 0
    })
  }
  const shared = Math.sqrt(correlation) * parts[values](random)
  return Array.from(
    { length: size },
    () => shared + Math.sqrt(1 - correlation) * parts[values](random),
  )
}

function sample(design: Design, random: Random): Sample {
  const groups = Array.from({ length: design.clusters }, () =>
    cluster(sizes[design.size](random), design, random),
  )
  return {
    values: groups.flat(),
    clusters: groups.flatMap((group, index) => group.map(() => index)),
  }
}

interface Simulation {
  readonly title: string
  readonly interval: (sample: Sample, random: Random) => Interval | null
  readonly truth: (design: Design) => number
  readonly samples: number
}

/** How many intervals were made, and how many of them cover the truth. */
function coverage(simulation: Simulation, design: Design): { made: number; covered: number } {
  const { title, interval, truth, samples } = simulation
  const random = createRandom(`${title} ${JSON.stringify(design)}`)
  const target = truth(design)
  let made = 0
  let covered = 0
  for (let index = 0; index < samples; index += 1) {
    const bounds = interval(sample(design, random), random)
    if (bounds === null) continue
    made += 1
    if (bounds.low <= target && target <= bounds.high) covered += 1
  }
  return { made, covered }
}

const average = (values: readonly number[]) => meanAndVariance(values).mean
/** Root mean square about 0, a figure that is not linear in the items. */
const rootMeanSquare = (values: readonly number[]) =>
  Math.sqrt(average(values.map((value) => value * value)))

const ofMean: Simulation = {
  title: 'clusteredMeanInterval',
  interval: ({ values, clusters }) => clusteredMeanInterval(values, clusters),
  truth: ({ values }) => (typeof values === 'number' ? values : 0),
  samples: 4000,
}
const ofProportion = (form: 'clopper-pearson' | 'wilson'): Simulation => ({
  title: `clusteredProportionInterval, ${form}`,
  interval: ({ values, clusters }) =>
    clusteredProportionInterval(
      values.map((value) => value === 1),
      clusters,
      { form },
    ),
  truth: ({ values }) => values as number,
  samples: 2000,
})
const ofBootstrap = (name: string, statistic: typeof average, truth: number): Simulation => ({
  title: `clusteredBootstrapInterval of the ${name}`,
  interval: ({ values, clusters }, random) =>
    clusteredBootstrapInterval({ items: values, clusters, statistic, random, resamples: 1000 }),
  truth: () => truth,
  samples: 500,
})
const ofJackknife: Simulation = {
  title: 'jackknifeInterval of the root mean square, 50 groups',
  interval: ({ values, clusters }, random) =>
    jackknifeInterval({
      estimate: rootMeanSquare(values),
      leaveOneOut: deleteAGroup({ clusters, random }).map((kept) =>
        rootMeanSquare(kept.map((index) => values[index]!)),
      ),
    }),
  truth: () => 1,
  samples: 2000,
}

/** All combinations. */
function designs(options: {
  clusters: number[]
  size: Design['size'][]
  values: Design['values'][]
  correlation: number[]
}): Design[] {
  return options.clusters.flatMap((clusters) =>
    options.size.flatMap((size) =>
      options.values.flatMap((values) =>
        options.correlation.map((correlation) => ({ clusters, size, values, correlation })),
      ),
    ),
  )
}

const usual: Design['size'][] = ['four', 'one to nine', 'geometric']
const correlation = [0, 0.2, 0.5, 0.9]
const withinUrn = [0.001, 0.2, 0.5, 0.95]

/** What is simulated, and the coverage that is demanded. */
const plan = [
  {
    simulation: ofMean,
    designs: [
      ...designs({
        clusters: [100, 300],
        size: usual,
        values: ['normal', 'exponential'],
        correlation,
      }),
      ...designs({ clusters: [100], size: usual, values: [0.3], correlation: withinUrn }),
    ],
    demanded: [0.935, 0.965],
  },
  {
    simulation: ofMean,
    designs: designs({
      clusters: [100, 300],
      size: ['lognormal'],
      values: ['normal', 'exponential'],
      correlation,
    }),
    demanded: [0.93, 0.975],
  },
  {
    simulation: ofMean,
    designs: designs({
      clusters: [10, 30],
      size: ['four', 'lognormal'],
      values: ['normal', 'exponential'],
      correlation: [0.2, 0.9],
    }),
    demanded: [0.88, 0.99],
  },
  {
    simulation: ofProportion('clopper-pearson'),
    designs: designs({
      clusters: [30, 100, 300],
      size: ['four', 'one to nine', 'lognormal'],
      values: [0.005, 0.02, 0.1, 0.5],
      correlation: withinUrn,
    }),
    demanded: [0.945, 1],
  },
  {
    simulation: ofProportion('wilson'),
    designs: designs({
      clusters: [100],
      size: ['four', 'one to nine', 'lognormal'],
      values: [0.02, 0.1, 0.5],
      correlation: withinUrn,
    }),
    demanded: [0.935, 1],
  },
  {
    simulation: ofBootstrap('mean', average, 0),
    designs: designs({
      clusters: [30, 100],
      size: ['one to nine'],
      values: ['normal', 'exponential'],
      correlation: [0.5],
    }),
    demanded: [0.89, 0.975],
  },
  {
    simulation: ofBootstrap('root mean square', rootMeanSquare, 1),
    designs: designs({
      clusters: [100],
      size: ['one to nine'],
      values: ['normal', 'exponential'],
      correlation: [0.5],
    }),
    demanded: [0.85, 0.975],
  },
  {
    simulation: ofJackknife,
    designs: designs({
      clusters: [100],
      size: ['four', 'one to nine'],
      values: ['normal', 'exponential'],
      correlation: [0.2, 0.5],
    }),
    demanded: [0.88, 0.965],
  },
] as const

const rows: string[] = []

describe('clustered intervals at 0.95', () => {
  it.each(plan)('$simulation.title cover $demanded', ({ simulation, designs, demanded }) => {
    for (const design of designs) {
      const { made, covered } = coverage(simulation, design)
      const share = covered / made
      const { clusters, size, values, correlation } = design
      const missing = simulation.samples - made
      const row = [simulation.title, clusters, size, values, correlation, share.toFixed(3), missing]
      rows.push(row.join(' | '))
      expect.soft(share, row.join(', ')).toBeGreaterThanOrEqual(demanded[0])
      expect.soft(share, row.join(', ')).toBeLessThanOrEqual(demanded[1])
    }
  })

  it('are measured again as in clustered-coverage.results.md', async () => {
    const table = [
      '# Measured coverage of clustered intervals at 0.95',
      '',
      'Written by `clustered-coverage.long.test.ts` (`vitest -u` writes it anew). Values are a shared and an',
      'own part of the named distribution, or outcomes of the named rate; the correlation is that of two',
      'items of one cluster. Missing is how often no interval was made (the rest is what coverage is of). The',
      'root mean square of exponential parts is a hard case: its square has a long tail.',
      '',
      'interval | clusters | sizes | values | correlation | coverage | missing',
      '--- | ---: | --- | --- | ---: | ---: | ---:',
      ...rows,
      '',
    ].join('\n')
    await expect(table).toMatchFileSnapshot('./clustered-coverage.results.md')
  })
})
