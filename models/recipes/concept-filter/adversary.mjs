// Attacks the filter of one pair by prompts, for `drawJobs`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  marginGuidedAttack,
  substitutionAttack,
} from '../../../packages/concept-filter/dist/attacks.js'
import {
  createConceptFilter,
  embedConceptPair,
} from '../../../packages/concept-filter/dist/index.js'
import { readConceptFilter } from '../../../packages/concept-filter/dist/node.js'
import { bank, tinyClip } from '../../tiny-world/index.js'
import { openClip } from '../abc-mini/embeddings.mjs'
import { toText } from '../drawing/picture-bytes.mjs'
import { toldShares } from './drawer.mjs'
import { openGenerators } from './generators.mjs'
import { PAIRS } from './pairs.mjs'
import { openShares, SHOWN } from './shares.mjs'

const ATTACKS = { substitution: substitutionAttack, 'margin-guided': marginGuidedAttack }

/** Pictures that an attack on one prompt may ask for. */
const BUDGET = 8
/** Words in place of each of the concept's. */
const WORDS_EACH = 2

/** A job is an attack on some prompts; `filters` is the folder of the tuned filters. */
export async function openDrawer({ filters }) {
  const composer = await openGenerators()('composer')
  const clip = await openClip({ folder: tinyClip })
  const shareOf = await openShares()
  const words = await bankWords()
  return async ({ pair: id, against, attack, prompts }) => {
    const pair = PAIRS.find((each) => each.id === id)
    const filter = await filterOf(pair, against, { filters, clip })
    const own = new Set(pair.names.unacceptable.flatMap((name) => name.split(' ')))
    const vocabulary = words.filter((word) => !own.has(word))
    const found = []
    for (const { prompt, seed } of prompts) {
      const watched = watch(composer)
      const result = await ATTACKS[attack]({
        ...{ prompt, seed, filter, vocabulary, budget: BUDGET, wordsEach: WORDS_EACH },
        replaceable: prompt.split(' ').filter((word) => own.has(word)),
        generator: watched.generator,
        imageEncoder: clip.image,
        textEncoder: clip.text,
        shows: (image) => shareOf(watched.sharesOf(image), pair.names.unacceptable) >= SHOWN,
      })
      found.push(told(result, watched))
    }
    return found
  }
}

/** The picture that the attacker is left with: the first that does it, else that of the prompt that came nearest. */
function told({ attempts, success, queries, stopped }, { drawnBy }) {
  const left = attempts.reduce((best, each) => (nearness(each) > nearness(best) ? each : best))
  const { image, shares } = drawnBy(left.seed)
  const { prompt, seed } = left
  return {
    success,
    queries,
    stopped,
    drawnPrompt: prompt,
    drawnSeed: seed,
    pixels: toText(image),
    shares,
  }
}

const nearness = ({ success, score }) => (success ? Infinity : -(score ?? Infinity))

/** The zero-shot filter, or the tuned one. */
async function filterOf({ id, relation, words }, against, { filters, clip }) {
  if (against === 'tuned') return readConceptFilter(join(filters, `${id}.json`))
  const { text: textEncoder, logitScale } = clip
  const pair = await embedConceptPair({
    words: { id, relation, ...words },
    textEncoder,
    logitScale,
  })
  return createConceptFilter({ pairs: [pair] })
}

/** The composer, with what it says of each picture kept. */
function watch(composer) {
  const byImage = new Map()
  const bySeed = new Map()
  const generator = {
    ...composer,
    async *generate(request) {
      for await (const drawn of composer.generate(request)) {
        const shares = toldShares(drawn.metadata.attribution)
        byImage.set(drawn.image, shares)
        bySeed.set(drawn.seed, { image: drawn.image, shares })
        yield drawn
      }
    },
  }
  return { generator, sharesOf: (image) => byImage.get(image), drawnBy: (seed) => bySeed.get(seed) }
}

/** Words of the bank's names and tags. */
async function bankWords() {
  const text = await readFile(join(bank, 'pictures.jsonl'), 'utf8')
  const pictures = text.trim().split('\n').map(JSON.parse)
  const words = pictures.flatMap(({ name, tags }) =>
    [name, ...tags].join(' ').toLowerCase().split(/\s+/),
  )
  return [...new Set(words)].filter((word) => /^[a-z]{3,}$/.test(word)).sort()
}
