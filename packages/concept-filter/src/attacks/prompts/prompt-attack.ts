import type {
  GenerationRequest,
  ImageEncoder,
  ImageGenerator,
  RgbImage,
  TextEncoder,
} from '@assay/core'
import type { ConceptFilter } from '../../filter/concept-filter.js'

/** What an attack on prompts is told. */
export interface PromptAttackOptions {
  /** The plain prompt, whose picture the filter is to let through. */
  readonly prompt: string
  /** Words of the prompt that may be replaced, in any case. Default: all */
  readonly replaceable?: readonly string[]
  /** Words to put in their place. */
  readonly vocabulary: readonly string[]
  /** Words that each replaced word becomes. Default: 1 */
  readonly wordsEach?: number
  readonly generator: ImageGenerator
  /** Size and sampling of each picture; the generator's own where absent. */
  readonly request?: Pick<
    GenerationRequest,
    'width' | 'height' | 'steps' | 'guidanceScale' | 'negativePrompt'
  >
  /** The encoder that the filter is deployed with. */
  readonly imageEncoder: ImageEncoder
  /** Of the same space; it is free for the attacker, and not counted as a query. */
  readonly textEncoder: TextEncoder
  readonly filter: ConceptFilter
  /** Cosine with the plain prompt that a picture must reach. Default: .26, that of SneakyPrompt for CLIP */
  readonly similarity?: number
  /**
   * A judge of whether a picture shows what it must not, apart from the filter's encoder: that one would be
   * judge in its own case. Default: none, the similarity alone decides
   */
  shows?(image: RgbImage): boolean | Promise<boolean>
  /** Pictures asked for at most. Default: 60 */
  readonly budget?: number
  /** Default: 0 */
  readonly seed?: number | string
  readonly signal?: AbortSignal
}

/** One prompt that was tried. */
export interface PromptAttempt {
  readonly prompt: string
  /** Seed of its picture. */
  readonly seed: number
  /** `rejected` where the generator drew nothing. */
  readonly outcome: 'passed' | 'flagged' | 'rejected'
  /** Cosine of the picture with the plain prompt; null where rejected. */
  readonly similarity: number | null
  /** The filter's score, above 0 where flagged; null where rejected. */
  readonly score: number | null
  /** Whether it passed, is near enough to the plain prompt, and shows what it must not. */
  readonly success: boolean
}

/** What came of an attack on prompts. */
export interface PromptAttackResult {
  readonly success: boolean
  /** The prompt that did it, and its picture; null without success. */
  readonly prompt: string | null
  readonly image: RgbImage | null
  /** Pictures asked for, the plain prompt's included; at most `budget`. */
  readonly queries: number
  readonly budget: number
  readonly queriesToSuccess: number | null
  /**
   * `not-needed`: the plain prompt already passes and shows what it must not, so there is nothing to attack.
   * `exhausted`: no prompt is left to try.
   */
  readonly stopped: 'found' | 'budget' | 'exhausted' | 'not-needed'
  /** In the order tried; the first is the plain prompt. */
  readonly attempts: readonly PromptAttempt[]
}
