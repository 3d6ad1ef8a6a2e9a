import { AssayError, createRandom, type Engine } from '@assay/core'
import { createIsolatedEngine } from '../create-isolated-engine.js'
import { mutant, soundFeeds, soundModels } from './mutants.js'

/** How many mutants, made from which seed. */
export interface MutantRun {
  readonly seed: number
  readonly count: number
}

/** How often each came of a mutant: `result`, or the code of an error. Anything else throws. */
export type Outcomes = Readonly<Record<string, number>>

/** Loads and runs damaged models, two at a time. */
export async function outcomesOfMutants({ seed, count }: MutantRun): Promise<Outcomes> {
  const random = createRandom(seed)
  const models = soundModels()
  const queue = Array.from({ length: count }, () => mutant(models, random))
  const outcomes: Record<string, number> = {}
  const drain = async () => {
    const engine = createIsolatedEngine({ threads: 1, seconds: 2, memoryBytes: 2 ** 29 })
    for (let model = queue.pop(); model; model = queue.pop()) {
      const outcome = await outcomeOf(engine, model)
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
    }
    await engine.close()
  }
  await Promise.all([drain(), drain()])
  return outcomes
}

async function outcomeOf(engine: Engine, model: Uint8Array): Promise<string> {
  const started = performance.now()
  try {
    const session = await engine.open(model)
    const names = session.inputs.map((input) => input.name)
    await session.run(soundFeeds(names)).finally(() => session.close())
    return 'result'
  } catch (error) {
    const isTyped = AssayError.isInstance(error) && (error.kind === 'engine' || error.kind === 'model')
    if (!isTyped) throw error
    return error.code
  } finally {
    if (performance.now() - started > 15_000) throw new Error('a mutant took more than 15 s')
  }
}
