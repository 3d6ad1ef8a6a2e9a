// What the clean test asks of an encoder and its head: see PLAN.md.
import {
  compareMethods,
  evaluateExemplars,
  findDuplicateRows,
} from '../../../packages/attribution/dist/evaluation.js'
import { featuresFromMatrix } from '../../../packages/attribution/dist/index.js'
import { readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { bank as bankFolder } from '../../tiny-world/index.js'
import { openClip } from '../abc-mini/embeddings.mjs'
import { bankPicture } from '../abc-mini/ship.mjs'

const CUTOFFS = [5, 10, 100]
/** Of the exemplar in the picture, as the composer tells it. */
const SHARES = [0.2, 0.5]

/** Pictures of the bank, which exemplars must be found among. */
export async function readPool() {
  const bank = await readPictureBank(bankFolder)
  return bank.captions.map(({ id }, row) => ({ id, source: bankPicture(bank, row) }))
}

/**
 * Features of the parts `exemplars`, `synth` and `pool`, rounded as float16, and their `matrices`.
 *
 * @param parts     pictures, each with `id` and `source`
 * @param normalize whether they have unit length
 */
export async function embedParts(parts, { folder, normalize }) {
  const { embed, fingerprint, close } = await openClip({ folder, normalize })
  const matrices = {}
  for (const [part, pictures] of Object.entries(parts)) {
    matrices[part] = { ...(await embed(pictures)), fingerprint, normalized: normalize }
  }
  await close()
  const sources = Object.entries(matrices).map(([part, matrix]) => [
    part,
    featuresFromMatrix(matrix),
  ])
  return { matrices, ...Object.fromEntries(sources) }
}

/** For every exemplar the rows of the pool that come as near as this cosine. */
export const duplicatesOf = ({ pool, exemplars }, threshold) =>
  findDuplicateRows({ pool, exemplars, threshold })

/**
 * The head beside no head: every query's ranks, and tables of paired differences.
 *
 * @param features   what `embedParts` gave
 * @param models     as `TunedModel` has them
 * @param duplicates rows of the pool that are near-duplicates of exemplars
 * @param shareOf    the exemplar's share of a picture, by its id
 */
export async function evaluateHead({ features, head, models, duplicates, shareOf }) {
  const { pool, exemplars, synth: queries } = features
  const task = { pool, exemplars, queries, models, cutoffs: CUTOFFS }
  const both = async (options) => [
    { name: 'untuned', evaluation: await evaluateExemplars(options) },
    { name: 'tuned', evaluation: await evaluateExemplars({ ...options, head }) },
  ]
  const methods = await both(task)
  const rows = (own, by, level = 0.95) => compareMethods({ methods: own, by, level }).rows
  const all = (own, level) => rows(own, [], level).at(-1)
  const excluded = await both({ ...task, duplicates: { rows: duplicates, treatment: 'exclude' } })
  const [least, most] = SHARES
  const ofShare = (fits) => all(methods.map((method) => only(method, (id) => fits(shareOf(id)))))
  return {
    methods,
    tables: {
      all: told(all(methods)),
      allAt975: told(all(methods, 0.975)),
      promptType: Object.fromEntries(
        rows(methods, ['promptType']).flatMap(named(({ promptType }) => promptType)),
      ),
      origin: Object.fromEntries(rows(methods, ['split']).flatMap(named(({ split }) => split))),
      share: {
        [`below ${least}`]: told(ofShare((share) => share < least)),
        [`${least} to ${most}`]: told(ofShare((share) => share >= least && share < most)),
        [`from ${most}`]: told(ofShare((share) => share >= most)),
      },
      withoutNearDuplicates: told(all(excluded)),
    },
  }
}

const named = (nameOf) => (row) => (nameOf(row.group) ? [[nameOf(row.group), told(row)]] : [])

/** A method's evaluation of some queries. */
const only = ({ name, evaluation }, fits) => ({
  name,
  evaluation: { ...evaluation, queries: evaluation.queries.filter(({ id }) => fits(id)) },
})

/** A row of a comparison in points, with all that is needed to read it. */
function told({ queries, models, measures }) {
  const points = (value) => Number((100 * value).toFixed(3))
  const ends = (interval) => interval && [points(interval.low), points(interval.high)]
  const figures = measures
    .filter(({ id }) => !id.startsWith('hit'))
    .map(({ id, methods: [untuned, tuned] }) => {
      const { value, interval } = tuned.difference
      return [
        id,
        {
          untuned: points(untuned.value),
          tuned: points(tuned.value),
          difference: points(value),
          interval: ends(interval),
        },
      ]
    })
  return { pictures: queries, models, ...Object.fromEntries(figures) }
}
