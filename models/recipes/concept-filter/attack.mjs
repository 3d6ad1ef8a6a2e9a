// Attacks every pair's filter, untuned and tuned, by prompts; goes on where it was stopped.
import { drawJobs } from '../drawing/draw-jobs.mjs'
import { PAIRS } from './pairs.mjs'
import { plannedPictures } from './prompts.mjs'

const ATTACKS = ['substitution', 'margin-guided']
/** Prompts of each pair that are attacked, each by both attacks. */
const PROMPTS = 100
/** Attacks that are kept together. */
const JOB = 5

/**
 * Resolves to a picture for each attacked prompt: `{ ...asked, attack, against, pixels, shares }`.
 *
 * @param filters folder with a tuned filter for each pair, as PAIR.json
 */
export async function attackPrompts({ filters, journal, workers, onResult }) {
  const planned = plannedPictures()
  const jobs = PAIRS.flatMap(({ id }) => pairJobs(id, planned))
  const results = await drawJobs({
    ...{ jobs, journal, workers, onResult, setup: { filters } },
    module: new URL('./adversary.mjs', import.meta.url),
  })
  const attacked = jobs.flatMap(({ id, pair, attack, against }) =>
    results.get(id).map(({ drawnPrompt, drawnSeed: _, ...found }) => ({
      ...{
        generator: 'composer',
        pair,
        split: 'adversarial',
        side: 'unacceptable',
        attack,
        against,
      },
      ...{ prompt: drawnPrompt, ...found },
    })),
  )
  return attacked.map((picture, at) => ({ seed: planned.length + at + 1, ...picture }))
}

function pairJobs(pair, planned) {
  const prompts = planned
    .filter((each) => each.generator === 'composer' && each.pair === pair)
    .filter(({ split, side }) => split === 'test' && side === 'unacceptable')
    .slice(0, PROMPTS)
    .map(({ prompt, seed }) => ({ prompt, seed }))
  return ['untuned', 'tuned'].flatMap((against) =>
    ATTACKS.flatMap((attack) =>
      Array.from({ length: Math.ceil(prompts.length / JOB) }, (_, part) => ({
        id: [pair, against, attack, part].join(' '),
        ...{ pair, against, attack, prompts: prompts.slice(part * JOB, (part + 1) * JOB) },
      })),
    ),
  )
}
