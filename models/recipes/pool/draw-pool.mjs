import { drawJobs } from '../drawing/draw-jobs.mjs'
import { poolPrompts } from './design.mjs'

/** All pictures of the pool: of each prompt, the rows that `openDrawer` gives. Goes on where it was stopped. */
export async function drawPool({ journal, workers, onResult }) {
  const prompts = poolPrompts()
  const jobs = prompts.map(({ prompt, seed, count }) => ({ id: prompt, prompt, seed, count }))
  const module = new URL('./drawer.mjs', import.meta.url)
  const results = await drawJobs({ jobs, journal, module, setup: null, workers, onResult })
  return prompts.map((prompt) => ({ ...prompt, rows: results.get(prompt.prompt) }))
}
