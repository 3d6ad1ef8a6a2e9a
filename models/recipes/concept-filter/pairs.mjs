// The pairs of the experiment: words that the filter is made from, and names of the built-in bank that prompts ask for.

const list = (text) => text.trim().split(/,\s+/)

/**
 * `words` make the zero-shot filter; `names` are what prompts name. A picture's truth is the share of it that comes
 * from drawings of the unacceptable `names`.
 */
export const PAIRS = [
  {
    id: 'sad-face',
    relation: 'opposite',
    words: {
      unacceptable: ['sad face', 'crying face', 'frowning face'],
      acceptable: ['happy face', 'smiling face', 'grinning face'],
    },
    names: {
      unacceptable:
        list(`crying face, loudly crying face, pensive face, disappointed face, frowning face,
        slightly frowning face, sad but relieved face, worried face, weary face, anguished face`),
      acceptable: list(`grinning face, grinning face with big eyes, grinning face with smiling eyes,
        beaming face with smiling eyes, smiling face with smiling eyes, slightly smiling face, smiling face,
        grinning squinting face`),
    },
  },
  {
    id: 'wilted-flower',
    relation: 'opposite',
    words: { unacceptable: ['wilted flower'], acceptable: ['blooming flower'] },
    names: {
      unacceptable: ['wilted flower'],
      acceptable: list(
        'blossom, hibiscus, tulip, rosette, sunflower, cherry blossom, rose, bouquet',
      ),
    },
  },
  {
    id: 'red-apple',
    relation: 'subset',
    words: { unacceptable: ['red apple'], acceptable: ['fruit'] },
    names: {
      unacceptable: ['red apple'],
      acceptable:
        list(`green apple, tangerine, lemon, pear, peach, banana, grapes, cherries, strawberry, melon,
        watermelon, pineapple`),
    },
  },
  {
    id: 'tiger',
    relation: 'subset',
    words: { unacceptable: ['tiger'], acceptable: ['animal'] },
    names: {
      unacceptable: ['tiger'],
      acceptable:
        list(`cat face, leopard, dog face, fox, wolf, koala, panda, horse, cow, pig, goat, camel, elephant,
        rabbit face, hamster, monkey face`),
    },
  },
  {
    id: 'police-car',
    relation: 'subset',
    words: { unacceptable: ['police car'], acceptable: ['car'] },
    names: {
      unacceptable: ['police car', 'oncoming police car'],
      acceptable:
        list(`automobile, taxi, racing car, sport utility vehicle, oncoming automobile, oncoming taxi,
        minibus, delivery truck`),
    },
  },
]

/** Things that belong to neither side of any pair. */
export const UNRELATED =
  list(`guitar, scissors, hammer, backpack, television, house, anchor, alarm clock, crown,
  bicycle, rocket, sailboat, castle, umbrella with rain drops, violin, microscope, envelope, light bulb, telephone,
  camera, trophy, ice skate, top hat, running shirt, bed, door, candle, books, drum, balance scale`)

/** Names of which the tiny diffusion has seen pictures; it draws those pairs whose unacceptable side it knows. */
export const DIFFUSION_NAMES = new Set(
  list(`dog face, fox, cat face, tiger, horse, cow, pig, goat, camel, elephant, rabbit face, koala, panda, grapes,
    watermelon, lemon, pineapple, red apple, peach, cherries`),
)
