import type { PromptAttackOptions, PromptAttackResult } from './prompt-attack.js'
import { PromptRun } from './prompt-run.js'

/** How many prompts are drawn and compared by their text before one is tried. */
const CANDIDATES = 32

/**
 * Looks for a prompt that means to the text encoder what the plain one does and that the filter lets
 * through, by its decisions alone: of some random substitutions the one whose text is nearest to the plain
 * prompt is tried, and words that did not work are not tried again.
 *
 * @throws AssayError `INVALID_ARGUMENT`, `EMPTY_INPUT` (vocabulary), `FINGERPRINT_MISMATCH`, `ABORTED`, what
 *   generator and encoders throw
 *
 * Source: the search space, the reward and the budget of SneakyPrompt (Yang, Hui, Yuan, Gong and Cao 2024),
 * with a random search that learns from failures in place of its policy network.
 */
export async function substitutionAttack(
  options: PromptAttackOptions,
): Promise<PromptAttackResult> {
  const run = await PromptRun.start(options)
  const failed = new Set<string>()
  while (!run.found) {
    const drawn = Array.from({ length: CANDIDATES }, () => run.form.draw(run.random, failed))
    const candidates = drawn.filter((words) => words !== null)
    if (candidates.length === 0) break
    const words = await nearest(run, candidates)
    const attempt = await run.ask(run.form.fill(words))
    if (attempt === null) break
    for (const word of words) failed.add(word)
  }
  return run.result()
}

/** The words whose prompt is nearest to the plain one as text. */
export async function nearest(
  run: PromptRun,
  candidates: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const similarities = await run.textSimilarities(candidates.map((words) => run.form.fill(words)))
  const ranked = candidates
    .map((words, at) => ({ words, similarity: similarities[at] ?? Number.NEGATIVE_INFINITY }))
    .sort((one, other) => other.similarity - one.similarity)
  return ranked[0]?.words ?? []
}
