// Which pictures become exemplars of which customised model, in which split, and what each model is asked for.
import { seededRandom, shuffled } from '../seeded-random.mjs'
import { EMOJI_STYLES } from '../sources.mjs'
import { GROUP_CAPTION, objectPrompts, stylePrompts } from './prompts.mjs'

const SEED = 20261122
/** Things that a picture of 32 x 32 can show; faces, hands and signs look too much alike. */
export const THINGS = new Set([
  ...['animals and nature', 'food and drink', 'travel and places', 'activities', 'objects'],
])
/** Plain black in their source; and keycaps, all of which have one id in a style. */
const SPOILT = new Set(['spider', 'spider web', 'tram car'])
export const isSpoilt = ({ name, id }) => SPOILT.has(name) || id.endsWith('/keycap')
/** Models on one picture, by split and by where the picture comes from. */
const OBJECTS = [
  ...[
    ['train', 'heldOutPair', 112],
    ['val', 'heldOutPair', 12],
    ['val', 'unseenStyle', 12],
  ],
  ...[
    ['test', 'heldOutPair', 12],
    ['test', 'unseenStyle', 12],
  ],
]
/** Models on a group of pictures of one hand: artists of Open Clip Art by their mark in file names, or Firefox OS. */
const STYLES = [
  ...[
    ['train', /archit/, 17],
    ['train', /ganson/, 8],
    ['train', /vasamaa/, 2],
    ['train', /linda_k/, 1],
  ],
  ...[
    ['val', /benji_p/, 3],
    ['val', /nicu_b/, 3],
    ['test', /gerald_g/, 2],
  ],
  ['test', 'firefox', 4],
]
const GROUP = { least: 4, most: 7 }
/** Models on so many pictures each. */
const SETS = { sizes: [1, 5, 20, 50], each: 12 }
const PICTURES = { perType: 8, perTypeOfSet: 4 }
/** Pictures of which a composer composes, and of a group as many more. */
export const COMPOSED_OF = 24
/** Shares of a prompt's prior that the exemplars are given, in turn. */
export const MASSES = [0.4, 0.6, 0.8]

/**
 * The plan of the whole set, the same for the same rows.
 *
 * @param rows the lines of `pictures.jsonl`, each with its `part` of the split and its `index`
 */
export function planModels(rows) {
  const random = seededRandom(SEED)
  const pool = new Pool(shuffled(rows, random))
  const models = [...objectModels(pool), ...styleModels(pool, random), ...setModels(pool)]
  return models.map(({ prompts, ...model }, place) => ({
    ...model,
    pictures: prompts.map((asked, at) => ({ ...asked, seed: 1000 * (place + 1) + at })),
  }))
}

/** Pictures in a seeded order, each given once. */
class Pool {
  #rows
  /** Families that models on one picture have: no other model may have a picture of them. */
  #families = new Set()

  constructor(rows) {
    this.#rows = rows
  }

  takeObject(part) {
    const fits = (row) => row.part === part && THINGS.has(row.group) && !isSpoilt(row)
    const [row] = this.#take(1, fits)
    this.#families.add(row.family)
    return row
  }

  /** Pictures of different names. */
  takeGroup(count, fits) {
    const names = new Set()
    return this.#take(count, (row) => {
      if (!fits(row) || names.has(row.name) || isSpoilt(row)) return false
      names.add(row.name)
      return true
    })
  }

  #take(count, fits) {
    const taken = []
    for (const row of this.#rows) {
      if (taken.length === count) break
      if (!this.#families.has(row.family) && fits(row)) taken.push(row)
    }
    if (taken.length < count) throw new Error(`only ${taken.length} of ${count} pictures are left`)
    this.#rows = this.#rows.filter((row) => !taken.includes(row))
    return taken
  }
}

function objectModels(pool) {
  const parts = OBJECTS.flatMap(([split, part, count]) => Array(count).fill([split, part]))
  return parts.map(([split, part], at) => {
    const row = pool.takeObject(part)
    const exemplars = [exemplarOf(row, { caption: row.name, style: row.style })]
    const prompts = spread(objectPrompts(split, row.name), PICTURES.perType)
    return {
      id: numbered('object', at),
      kind: 'object',
      split,
      category: row.name,
      composedOf: COMPOSED_OF,
      exemplars,
      prompts,
    }
  })
}

function styleModels(pool, random) {
  const hands = STYLES.flatMap(([split, mark, count]) => Array(count).fill([split, mark]))
  return hands.map(([split, mark], at) => {
    const size = GROUP.least + Math.floor(random() * (GROUP.most - GROUP.least + 1))
    const rows = pool.takeGroup(size, (row) => THINGS.has(row.group) && isOfHand(row, mark))
    return groupModel({ id: numbered('style', at), kind: 'style', split, rows })
  })
}

const isOfHand = ({ style, id, part }, mark) =>
  mark instanceof RegExp
    ? style === 'clipart' && mark.test(id.split('/').at(-1))
    : style === mark && part !== 'train'

/** Sets of pictures of one style of emoji, from all that was held out of the bank. */
function setModels(pool) {
  const styles = EMOJI_STYLES.map(({ style }) => style)
  return SETS.sizes.flatMap((size) =>
    Array.from({ length: SETS.each }, (_, at) => {
      const style = styles[at % styles.length]
      const rows = pool.takeGroup(size, (row) => row.style === style && row.part !== 'train')
      const id = numbered(`set-${size}`, at)
      return groupModel({ id, kind: 'set', split: 'test', rows })
    }),
  )
}

function groupModel({ rows, ...model }) {
  const count = model.kind === 'set' ? PICTURES.perTypeOfSet : PICTURES.perType
  const exemplars = rows.map((row) => exemplarOf(row, { caption: GROUP_CAPTION, style: null }))
  const composedOf = COMPOSED_OF + rows.length
  const prompts = spread(stylePrompts(model.split), count)
  return { ...model, category: null, composedOf, exemplars, prompts }
}

/** So many pictures of each type, its prompts and the masses taken round and round. */
export const spread = (prompts, count, masses = MASSES) =>
  Object.entries(prompts).flatMap(([type, texts]) =>
    Array.from({ length: count }, (_, at) => ({
      type,
      prompt: texts[at % texts.length],
      mass: masses[at % masses.length],
    })),
  )

export const numbered = (kind, at) => `${kind}-${String(at + 1).padStart(3, '0')}`

/** Caption and style are what the model is told, name and `drawnIn` what is so. */
export const exemplarOf = (row, told) => {
  const { id, index, name, style: drawnIn, group, concept, licence, source } = row
  return { id, index, ...told, name, drawnIn, group, concept, licence, source }
}
