// Draws the pictures of the experiment. Needs the packages built; goes on where it was stopped.
import { drawJobs } from '../drawing/draw-jobs.mjs'
import { plannedPictures } from './prompts.mjs'

/** Pictures that are kept together. */
const JOB = 12

/** Resolves to all planned pictures with what was drawn: `{ ...asked, pixels, shares }`. */
export async function drawPictures({ journal, workers, onResult }) {
  const planned = plannedPictures()
  const jobs = jobsOf(planned)
  const results = await drawJobs({
    ...{ jobs, journal, workers, onResult, setup: null },
    module: new URL('./drawer.mjs', import.meta.url),
  })
  return jobs
    .flatMap(({ id }) => results.get(id))
    .map((drawn, at) => ({ ...planned[at], ...drawn }))
}

/** Runs of pictures of one generator. */
function jobsOf(pictures) {
  const jobs = []
  for (const { generator, prompt, seed } of pictures) {
    const last = jobs.at(-1)
    if (last?.generator === generator && last.pictures.length < JOB)
      last.pictures.push({ prompt, seed })
    else jobs.push({ id: `from ${seed}`, generator, pictures: [{ prompt, seed }] })
  }
  return jobs
}
