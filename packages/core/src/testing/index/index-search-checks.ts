import type { Neighbour } from '../../contracts/vector-index.js'
import { selectRows } from '../../matrix/select-rows.js'
import { expectSame, expectThat } from '../expectations.js'
import { isNearer, neighboursByBruteForce } from './brute-force.js'
import type { IndexSubject } from './index-subject.js'
import { queries } from './index-vectors.js'

export function checkDescription({ index, vectors, metric }: IndexSubject): void {
  expectThat(index.specificationVersion === 1, 'The specification version must be 1.')
  expectThat(index.id.trim() !== '', 'The id must not be empty.')
  expectThat(typeof index.exact === 'boolean', 'It must say whether it is exact.')
  expectSame(index.metric, metric, 'The metric')
  expectSame(index.size, vectors.rows, 'The size')
  expectSame(index.dimensions, vectors.columns, 'The number of dimensions')
  expectSame(index.fingerprint, vectors.fingerprint, 'The fingerprint')
}

const slackOf = ({ tolerance }: IndexSubject, score: number) =>
  tolerance * Math.max(1, Math.abs(score))

/** Throws unless each neighbour is a vector of the index, once, with its true score, in order. */
function expectTrue(
  subject: IndexSubject,
  found: readonly Neighbour[],
  truth: readonly Neighbour[],
): void {
  const byRow = new Map(truth.map((neighbour) => [neighbour.row, neighbour]))
  expectThat(new Set(found.map(({ row }) => row)).size === found.length, 'A row is found twice.')
  found.forEach(({ id, row, score }, place) => {
    const expected = byRow.get(row)
    expectThat(expected !== undefined, `Row ${row} does not exist.`)
    expectSame(id, expected.id, `The id of row ${row}`)
    const gap = Math.abs(score - expected.score)
    expectThat(gap <= slackOf(subject, score), `Row ${row} scores ${score}, not ${expected.score}.`)
    const next = found[place + 1]
    const isOrdered = next === undefined || !isNearer(subject.metric, next.score, score)
    expectThat(isOrdered, `Place ${place} lies farther than the next one.`)
  })
}

/** What was found for a query, and what had to be found. */
interface Answer {
  readonly found: readonly Neighbour[]
  readonly wanted: readonly Neighbour[]
}

/** Throws unless all that was wanted is found, or a share over all queries where the index is not exact. */
function expectFound({ index, minimumRecall }: IndexSubject, answers: readonly Answer[]): void {
  const missed = answers.flatMap(({ found, wanted }) => {
    const rows = new Set(found.map(({ row }) => row))
    return wanted.filter(({ row }) => !rows.has(row))
  })
  const count = answers.reduce((sum, { wanted }) => sum + wanted.length, 0)
  const allowed = index.exact ? 0 : count * (1 - minimumRecall)
  const ids = missed.map(({ id }) => id).join(', ')
  expectThat(missed.length <= allowed, `${missed.length} of ${count} are missed: ${ids}.`)
}

/** Calls `body` for each query with what was found and the truth. */
function forEachQuery(
  subject: IndexSubject,
  results: readonly (readonly Neighbour[])[],
  body: (found: readonly Neighbour[], truth: readonly Neighbour[], query: number) => void,
): void {
  expectSame(results.length, queries().rows, 'The number of results')
  results.forEach((found, row) => {
    const truth = neighboursByBruteForce(subject, queries(), row)
    expectTrue(subject, found, truth)
    body(found, truth, row)
  })
}

export async function checkNearest(subject: IndexSubject): Promise<void> {
  for (const k of [1, 10]) {
    const answers: Answer[] = []
    forEachQuery(subject, await subject.index.nearest(queries(), { k }), (found, truth) => {
      expectSame(found.length, k, 'The number of neighbours')
      const last = truth[k - 1]!.score
      // Rows that rounding might put past the k-th are not wanted.
      const wanted = truth.filter(
        ({ score }) =>
          isNearer(subject.metric, score, last) && Math.abs(score - last) > slackOf(subject, last),
      )
      answers.push({ found, wanted })
    })
    expectFound(subject, answers)
  }
}

export async function checkWithin(subject: IndexSubject): Promise<void> {
  const order = neighboursByBruteForce(subject, queries(), 0)
  for (const place of [3, 40]) {
    const radius = order[place]!.score
    expectWithin(subject, await subject.index.within(queries(), { radius }), () => radius)
  }
}

/** Throws unless each query finds what lies within its radius, but for rounding. */
function expectWithin(
  subject: IndexSubject,
  results: readonly (readonly Neighbour[])[],
  radiusOf: (query: number) => number,
): void {
  const answers: Answer[] = []
  forEachQuery(subject, results, (found, truth, query) => {
    const radius = radiusOf(query)
    const slack = Number.isFinite(radius) ? slackOf(subject, radius) : 0
    const isInside = (score: number, margin: number) =>
      subject.metric === 'euclidean' ? score <= radius - margin : score >= radius + margin
    const outside = found.find(({ score }) => !isInside(score, -slack))
    expectThat(outside === undefined, `${outside?.id} lies outside of the radius ${radius}.`)
    answers.push({ found, wanted: truth.filter(({ score }) => isInside(score, slack)) })
  })
  expectFound(subject, answers)
}

/** A radius of its own for each query: some take in a few, some nothing, some all. */
export async function checkRadii(subject: IndexSubject): Promise<void> {
  const everything = subject.metric === 'euclidean' ? Infinity : -Infinity
  const radii = Array.from({ length: queries().rows }, (_, row) => {
    const place = row % 5
    if (place > 2) return place === 3 ? everything : -everything
    return neighboursByBruteForce(subject, queries(), row)[1 + 20 * place]!.score
  })
  const results = await subject.index.within(queries(), { radius: radii })
  expectWithin(subject, results, (query) => radii[query]!)
}

export async function checkTies(subject: IndexSubject): Promise<void> {
  const { index, vectors, metric } = subject
  if (!index.exact) return
  const asked = selectRows({ ...vectors, ids: null }, [0, 5])
  const radius = metric === 'euclidean' ? 1 : 0.5
  const truth = [0, 1].map((row) => neighboursByBruteForce(subject, asked, row))
  const nearest = truth.map((neighbours) => neighbours.slice(0, 11))
  const within = truth.map((neighbours) =>
    neighbours.filter(({ score }) => score === radius || isNearer(metric, score, radius)),
  )
  expectSameIds(await index.nearest(asked, { k: 11 }), nearest)
  expectSameIds(await index.within(asked, { radius }), within)
}

/** Throws at the first place where another id is found than belongs there. */
function expectSameIds(
  results: readonly (readonly Neighbour[])[],
  truth: readonly (readonly Neighbour[])[],
): void {
  expectSame(results.length, truth.length, 'The number of results')
  results.forEach((found, query) => {
    const expected = truth[query]!
    for (let place = 0; place < Math.max(found.length, expected.length); place++) {
      const [id, belongs] = [found[place]?.id, expected[place]?.id]
      expectThat(id === belongs, `Query ${query} finds ${id} at place ${place}, not ${belongs}.`)
    }
  })
}

export async function checkUnnamed(subject: IndexSubject): Promise<void> {
  const { index, vectors } = subject
  const results = await index.nearest(vectors, { k: 11 })
  for (const { id, row } of results.flat()) {
    expectSame(id, String(row), 'The id of a row without one')
  }
  if (!index.exact) return
  results.forEach((found, row) => {
    const truth = neighboursByBruteForce(subject, vectors, row).slice(0, 11)
    const rows = (neighbours: readonly Neighbour[]) => neighbours.map((neighbour) => neighbour.row)
    expectSame(rows(found), rows(truth), 'The order of rows without ids')
  })
}

export async function checkLargeK({ index }: IndexSubject): Promise<void> {
  for (const found of await index.nearest(queries(), { k: 1000 })) {
    expectSame(found.length, index.size, 'The number of neighbours')
  }
}

export async function checkRepeats({ index }: IndexSubject): Promise<void> {
  const none = selectRows(queries(), [])
  expectSame(await index.nearest(none, { k: 3 }), [], 'The answer to no query')
  const answers = await Promise.all([
    index.nearest(queries(), { k: 3 }),
    index.nearest(queries(), { k: 3 }),
  ])
  expectSame(answers[0], answers[1], 'The answer to the same query')
}

export async function checkEmpty({ index }: IndexSubject): Promise<void> {
  const nothing = Array(queries().rows).fill([])
  expectSame(await index.nearest(queries(), { k: 3 }), nothing, 'The nearest of none')
  expectSame(await index.within(queries(), { radius: 0 }), nothing, 'What lies within, of none')
}
