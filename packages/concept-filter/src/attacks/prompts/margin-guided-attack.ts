import type { PromptAttackOptions, PromptAttackResult, PromptAttempt } from './prompt-attack.js'
import { PromptRun } from './prompt-run.js'
import { nearest } from './substitution-attack.js'

/** How an attack guided by the filter's margin goes. */
export interface MarginGuidedAttackOptions extends PromptAttackOptions {
  /** Best prompts so far that new ones are made from. Default: 4 */
  readonly parents?: number
  /** Share of new prompts that are drawn afresh, in [0, 1]. Default: .25 */
  readonly fresh?: number
}

/** How many prompts are drawn and compared by their text before one is tried. */
const CANDIDATES = 8
/** Draws of an untried prompt before the search counts as exhausted. */
const DRAWS = 200

/**
 * An adaptive attack: it knows the filter and is led by its score. Prompts are bred from those that come
 * nearest to passing while showing the concept: what is minimised is how far the score is above 0 plus how
 * far the similarity is below its threshold, both in units of cosine.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `EMPTY_INPUT` (vocabulary), `FINGERPRINT_MISMATCH`, `ABORTED`, what
 *   generator and encoders throw
 *
 * Source: own; an evolutionary search over the substitutions of SneakyPrompt, with the term for the filter
 * that an adaptive attack needs.
 */
export async function marginGuidedAttack(
  options: MarginGuidedAttackOptions,
): Promise<PromptAttackResult> {
  const { parents = 4, fresh = 0.25 } = options
  const run = await PromptRun.start(options)
  const tried = new Set<string>()
  let best: Individual[] = []
  while (!run.found) {
    const words = await breed(run, { best, fresh, tried, parents })
    if (words === null) break
    const prompt = run.form.fill(words)
    tried.add(prompt)
    const attempt = await run.ask(prompt)
    if (attempt === null) break
    best = [...best, { words, violation: violation(attempt, run.threshold) }]
      .sort((one, other) => one.violation - other.violation)
      .slice(0, parents)
  }
  return run.result()
}

interface Individual {
  readonly words: readonly string[]
  readonly violation: number
}

/** How much a prompt falls short of both aims together; 0 where it meets them. */
const violation = ({ score, similarity }: PromptAttempt, threshold: number) =>
  score === null || similarity === null
    ? Number.POSITIVE_INFINITY
    : Math.max(0, score) + Math.max(0, threshold - similarity)

interface Breeding {
  readonly best: readonly Individual[]
  readonly fresh: number
  readonly tried: ReadonlySet<string>
  readonly parents: number
}

/** Words that were not tried: of a few children or fresh draws those nearest to the plain prompt as text. */
async function breed(run: PromptRun, breeding: Breeding): Promise<readonly string[] | null> {
  const { best, fresh, tried, parents } = breeding
  const afresh = best.length < parents || run.random.uniform() < fresh
  const candidates: (readonly string[])[] = []
  for (let draw = 0; draw < DRAWS && candidates.length < CANDIDATES; draw += 1) {
    // A parent's neighbours may all have been tried.
    const words = afresh || draw > DRAWS / 2 ? run.form.draw(run.random) : child(run, best)
    if (words !== null && !tried.has(run.form.fill(words))) candidates.push(words)
  }
  return candidates.length === 0 ? null : nearest(run, candidates)
}

/** Each word from either of two parents, and one drawn anew. */
function child(run: PromptRun, best: readonly Individual[]): string[] | null {
  const parent = () => best[run.random.integer(best.length)]?.words ?? []
  const [mother, father] = [parent(), parent()]
  const drawn = run.form.draw(run.random)
  if (drawn === null) return null
  const changed = run.random.integer(run.form.length)
  return drawn.map((word, at) => {
    if (at === changed) return word
    return (run.random.uniform() < 0.5 ? mother[at] : father[at]) ?? word
  })
}
