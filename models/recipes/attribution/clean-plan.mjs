// Which pictures become exemplars of the clean test, and what their models are asked for: see PLAN.md.
import {
  COMPOSED_OF,
  exemplarOf,
  isSpoilt,
  MASSES,
  numbered,
  planModels,
  spread,
  THINGS,
} from '../abc-mini/plan.mjs'
import { objectPrompts } from '../abc-mini/prompts.mjs'
import { seededRandom, shuffled } from '../seeded-random.mjs'

const SEED = 20261123
const FIRST_SEED = 1_000_000
/** Parts of the split that exemplars come from, in turn. */
const ORIGINS = ['heldOutPair', 'unseenStyle']
const MODELS = 192
const PICTURES_PER_TYPE = 4

/**
 * The models of the clean test, the same for the same rows.
 *
 * @param rows the lines of `pictures.jsonl`, each with its `part` of the split and its `index`
 */
export function planCleanModels(rows) {
  const free = new FreePictures(rows)
  return Array.from({ length: MODELS }, (_, place) => {
    const origin = ORIGINS[place % ORIGINS.length]
    const row = free.take(origin)
    return {
      ...{ id: numbered('clean', place), kind: 'object', split: 'clean', origin },
      ...{ category: row.name, composedOf: COMPOSED_OF },
      exemplars: [exemplarOf(row, { caption: row.name, style: row.style })],
      pictures: picturesOf(row, place),
    }
  })
}

/** Half of the prompts of each type, the halves taken in turn by every two models; masses go round on. */
function picturesOf({ name }, place) {
  const from = (Math.floor(place / ORIGINS.length) % 2) * PICTURES_PER_TYPE
  const prompts = Object.fromEntries(
    Object.entries(objectPrompts('clean', name)).map(([type, texts]) => [
      type,
      texts.slice(from, from + PICTURES_PER_TYPE),
    ]),
  )
  const turn = place % MASSES.length
  const masses = [...MASSES.slice(turn), ...MASSES.slice(0, turn)]
  return spread(prompts, PICTURES_PER_TYPE, masses).map((asked, at) => ({
    ...asked,
    seed: FIRST_SEED + 100 * place + at,
  }))
}

/** Pictures that AbC-mini's models do not know, in a seeded order, one of each family of names. */
class FreePictures {
  #rows
  #families

  constructor(rows) {
    const known = planModels(rows)
    const isTestOnly = ({ kind, split }) => split === 'test' && kind !== 'object'
    const familyOf = ({ index }) => rows[index].family
    const used = new Set(known.flatMap(({ exemplars }) => exemplars.map(({ index }) => index)))
    this.#families = new Set(
      known
        .filter((model) => !isTestOnly(model))
        .flatMap(({ exemplars }) => exemplars.map(familyOf)),
    )
    const fits = (row) => THINGS.has(row.group) && !isSpoilt(row) && !used.has(row.index)
    this.#rows = shuffled(rows.filter(fits), seededRandom(SEED))
  }

  take(part) {
    const row = this.#rows.find((one) => one.part === part && !this.#families.has(one.family))
    if (row === undefined) throw new Error(`no picture of ${part} is left`)
    this.#families.add(row.family)
    return row
  }
}
