import type { FilterExperiment } from '@assay/concept-filter/node'
import { AssayError } from '@assay/core'

/** Pictures of one kind, as columns. */
export interface ChosenPictures {
  readonly seeds: readonly number[]
  readonly prompts: readonly string[]
  /** What tells pictures of one scene: the prompt, or the prompt that an attack began with. */
  readonly scenes: readonly string[]
  /** Whether each truly shows the unacceptable concept; null where it is a mixture, or nobody knows. */
  readonly truth: readonly (boolean | null)[]
  /** Whether their generator tells what they are made of. */
  readonly hasTruth: boolean
}

/** Which pictures are meant. */
export interface PictureChoice {
  readonly generator: string
  readonly pair: string | null
  readonly split: FilterExperiment['pictures'][number]['split']
  readonly side: FilterExperiment['pictures'][number]['side']
  /** The filter that an attack was made against. Default: null, plain prompts. */
  readonly against?: string | null
}

/** From this share on a picture shows a concept, and up to `FREE` it does not. */
const SHOWN = 0.5
const FREE = 0.1

/** All pictures of a kind; none where the experiment has none. */
export function chosenPictures(
  { pictures: kinds }: FilterExperiment,
  choice: PictureChoice,
): ChosenPictures {
  const meant = { against: null, ...choice }
  const fits = kinds.filter((kind) =>
    (['generator', 'pair', 'split', 'side', 'against'] as const).every(
      (name) => kind[name] === meant[name],
    ),
  )
  const pictures = fits.flatMap((kind) => kind.pictures)
  return {
    seeds: pictures.map(({ seed }) => seed),
    prompts: pictures.map(({ prompt }) => prompt),
    // Attacks of one kind begin with the same prompts, in the same order.
    scenes: fits.flatMap(({ attack, pictures: own }) =>
      own.map(({ prompt }, at) => (attack === null ? prompt : `scene ${at}`)),
    ),
    truth: pictures.map(({ shares }) => shares && shownSide(shares, choice.side)),
    hasTruth: pictures.some(({ shares }) => shares !== null),
  }
}

/** Mixtures count on neither side; pictures that concern no pair need only be free of what is unacceptable. */
function shownSide(
  [unacceptable, acceptable]: readonly [number, number],
  side: PictureChoice['side'],
): boolean | null {
  if (unacceptable >= SHOWN) return true
  if (unacceptable > FREE) return null
  return side === 'unrelated' || acceptable >= SHOWN ? false : null
}

/** Generators of an experiment with the pairs that each drew. */
export function experimentCells({
  pictures,
  pairs,
}: FilterExperiment): readonly { readonly generator: string; readonly pair: string }[] {
  const generators = [...new Set(pictures.map(({ generator }) => generator))]
  return generators.flatMap((generator) =>
    pairs
      .filter(({ id }) => pictures.some((kind) => kind.generator === generator && kind.pair === id))
      .map(({ id }) => ({ generator, pair: id })),
  )
}

/** @throws AssayError `INVALID_ARGUMENT` for a pair of which the generator drew nothing of a kind */
export function assertDrawn({ seeds }: ChosenPictures, choice: PictureChoice): void {
  if (seeds.length > 0) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The experiment has no ${choice.side} ${choice.split} pictures of "${choice.pair}" by ${choice.generator}.`,
    value: choice.pair,
    remedy: 'Name another pair or generator, or draw more by models/recipes/concept-filter.',
  })
}
