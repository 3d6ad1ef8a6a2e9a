import type {
  GeneratedImage,
  GenerationRequest,
  ImageGenerator,
} from '../../contracts/image-generator.js'
import { expectThat } from '../expectations.js'

/** Wishes that a request may have beside prompt, count and seed. */
export type GenerationWishes = Pick<
  GenerationRequest,
  'negativePrompt' | 'width' | 'height' | 'steps' | 'guidanceScale'
>

/** A generator under check, and what it promises. */
export interface GeneratorSubject {
  readonly generator: ImageGenerator
  readonly prompts: readonly [string, string]
  readonly rejected: readonly string[]
  readonly wishes: GenerationWishes
  readonly largestSeed: number
  readonly tolerance: number
  readonly repeats: boolean
  readonly seeded: boolean
}

/** A picture that was drawn. */
export type Picture = Extract<GeneratedImage, { readonly outcome: 'image' }>

/** What a generator is asked, by default for one picture of the first prompt. */
export const requestOf = (
  { prompts, wishes }: GeneratorSubject,
  changes: Partial<GenerationRequest> = {},
): GenerationRequest => ({ ...wishes, prompt: prompts[0], count: 1, seed: 1, ...changes })

/** All outcomes of a request, in the order of their seeds. */
export async function outcomesOf(
  subject: GeneratorSubject,
  changes: Partial<GenerationRequest> = {},
): Promise<readonly GeneratedImage[]> {
  const outcomes: GeneratedImage[] = []
  for await (const outcome of subject.generator.generate(requestOf(subject, changes))) {
    outcomes.push(outcome)
  }
  return outcomes.sort((one, other) => one.seed - other.seed)
}

/** The pictures of a request that nothing is rejected of, in the order of their seeds. */
export const picturesOf = async (
  subject: GeneratorSubject,
  changes: Partial<GenerationRequest> = {},
): Promise<readonly Picture[]> => (await outcomesOf(subject, changes)).map(pictureOf)

/** The one picture of a request. */
export async function pictureFor(
  subject: GeneratorSubject,
  changes: Partial<GenerationRequest> = {},
): Promise<Picture> {
  const [picture, ...others] = await picturesOf(subject, changes)
  expectThat(
    picture !== undefined && others.length === 0,
    'A request for one picture must give one.',
  )
  return picture
}

/** The picture of an outcome that must be one. */
export function pictureOf(outcome: GeneratedImage): Picture {
  expectThat(
    outcome.outcome === 'image',
    `A prompt that can be drawn is answered with the outcome ${outcome.outcome}.`,
    outcome,
  )
  return outcome
}

/** Throws unless two pictures are the same to within a number of levels of 255. */
export function expectAlike(one: Picture, other: Picture, tolerance: number, what: string): void {
  const difference = largestDifference(one, other)
  expectThat(
    difference <= tolerance,
    `${what} differs by ${difference} levels, where ${tolerance} are allowed.`,
  )
}

/** The largest difference of two levels; infinite for pictures of different size. */
export function largestDifference({ image: one }: Picture, { image: other }: Picture): number {
  if (one.width !== other.width || one.height !== other.height) return Number.POSITIVE_INFINITY
  return one.data.reduce((most, level, at) => Math.max(most, Math.abs(level - other.data[at]!)), 0)
}
