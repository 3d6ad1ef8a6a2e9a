// What is asked for. Every prompt is another one; contexts of tuning are not those of the test.
import { withArticle } from '../pool/concepts.mjs'
import { DIFFUSION_NAMES, PAIRS, UNRELATED } from './pairs.mjs'

const ADJECTIVES = [
  ...[
    '',
    'small',
    'large',
    'lovely',
    'simple',
    'detailed',
    'funny',
    'plain',
    'bright',
    'pale',
    'shiny',
    'round',
  ],
  ...['tiny', 'huge', 'quiet', 'famous', 'strange', 'well-drawn'],
]

const CONTEXTS = {
  tuning: [
    '',
    'for a child',
    'that we saw yesterday',
    'far away',
    'on its own',
    'as it was remembered',
  ],
  test: [
    ...[
      'for a poster',
      'that everybody knows',
      'seen up close',
      'in the middle',
      'without anything else',
    ],
    ...[
      'as an example',
      'once upon a time',
      'for grandmother',
      'that was lost',
      'in the corner',
      'by an amateur',
    ],
    'that you asked for',
  ],
}

/** What the test asks for beside the pairs: 210 prompts. */
const UNRELATED_CONTEXTS = CONTEXTS.test.slice(0, 7)

/** "a small tiger for a child". */
const phrase = (name, adjective, context) => {
  const words = [adjective, name].filter(Boolean).join(' ')
  return [adjective === '' ? withArticle(name) : withArticle(words), context]
    .filter(Boolean)
    .join(' ')
}

/** Every adjective in every context, names in turn: 108 prompts of tuning, 216 of the test. */
function sidePrompts(names, split) {
  const settings = CONTEXTS[split].flatMap((context) =>
    ADJECTIVES.map((adjective) => ({ adjective, context })),
  )
  return settings.map(({ adjective, context }, at) =>
    phrase(names[at % names.length], adjective, context),
  )
}

const pairPrompts = ({ generator, pair, namesOf }) =>
  ['test', 'tuning'].flatMap((split) =>
    ['unacceptable', 'acceptable'].flatMap((side) =>
      sidePrompts(namesOf(pair.names[side]), split).map((prompt) => ({
        ...{ generator, pair: pair.id, split, side, prompt },
      })),
    ),
  )

/** All pictures of the experiment, each with a seed of its own, so that no two share their noise. */
export function plannedPictures() {
  const known = (names) => names.filter((name) => DIFFUSION_NAMES.has(name))
  const drawnByDiffusion = PAIRS.filter(({ names }) => known(names.unacceptable).length > 0)
  const unrelated = UNRELATED_CONTEXTS.flatMap((context) =>
    UNRELATED.map((name) => ({
      ...{ generator: 'composer', pair: null, split: 'test', side: 'unrelated' },
      prompt: phrase(name, '', context),
    })),
  )
  const all = [
    ...PAIRS.flatMap((pair) =>
      pairPrompts({ generator: 'composer', pair, namesOf: (names) => names }),
    ),
    ...unrelated,
    ...drawnByDiffusion.flatMap((pair) =>
      pairPrompts({ generator: 'tiny-diffusion', pair, namesOf: known }),
    ),
  ]
  return all.map((asked, at) => ({ seed: at + 1, ...asked }))
}
