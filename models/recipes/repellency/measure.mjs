// What a setting's pictures are worth, beside the base's: the same prompts, the same seeds.
import { selectRows } from '../../../packages/core/dist/index.js'
import { clusteredMeanInterval, jackknifeInterval } from '../../../packages/core/dist/statistics.js'
import {
  clipScore,
  frechetDistance,
  precisionRecallDensityCoverage,
  vendiScore,
} from '../../../packages/metrics/dist/index.js'

/** k: the references of a prompt are as few as three. */
export const NEIGHBOURS = 2

/** Prompts are left out in so many groups. */
export const GROUPS = 16

/**
 * Figures of a setting: of every prompt, and of all pictures with and without each group of prompts.
 *
 * @param set `embeddings` and `nearest` (distance to the nearest protected picture) of pictures in the order of
 *   prompts; `prompts`, `{ rows, references, text }` each, with rows of `embeddings` and of the references, and the
 *   embedded prompt once a picture; `references`, embedded; `radius` of protection
 */
export function figuresOf({ embeddings, nearest, prompts, references, radius }) {
  const byPrompt = prompts.map((prompt) => {
    const outputs = selectRows(embeddings, prompt.rows)
    const reference = selectRows(references, prompt.references)
    const { recall, coverage, precision, density } = precisionRecallDensityCoverage({
      ...{ reference, outputs, neighbours: NEIGHBOURS },
    })
    return {
      vendi: vendiScore(outputs),
      ...{ recall, coverage, precision, density },
      alignment: clipScore(outputs, prompt.text).score,
      inside: mean(prompt.rows.map((row) => Number(nearest[row] < radius))),
    }
  })
  const distance = (rows) => frechetDistance(selectRows(embeddings, rows), references)
  const rowsWhere = (holds) => prompts.flatMap(({ rows }, at) => (holds(at) ? rows : []))
  return {
    byPrompt,
    frechet: distance(rowsWhere(() => true)),
    frechetWithout: Array.from({ length: GROUPS }, (_, group) =>
      distance(rowsWhere((prompt) => prompt % GROUPS !== group)),
    ),
  }
}

/** Each figure with its interval, and its difference to the base's with the interval of the difference. */
export function comparedWith(base, figures) {
  const measures = {}
  for (const name of Object.keys(figures.byPrompt[0])) {
    const values = figures.byPrompt.map((each) => each[name])
    const differences = values.map((value, at) => value - base.byPrompt[at][name])
    measures[name] = {
      ...meanOf(values, RANGES[name] ?? [0, 1]),
      ...asDifference(meanOf(differences)),
    }
  }
  const differences = figures.frechetWithout.map((each, group) => each - base.frechetWithout[group])
  measures.frechet = {
    ...jackknifed(figures.frechet, figures.frechetWithout, [0, Infinity]),
    ...asDifference(jackknifed(figures.frechet - base.frechet, differences)),
  }
  return measures
}

/** Smallest and largest value; of differences, none. */
const RANGES = { vendi: [1, Infinity], density: [0, Infinity], alignment: [-1, 1] }

function meanOf(values, range) {
  const interval = clusteredMeanInterval(values, [...values.keys()], { ...(range && { range }) })
  return { value: told(mean(values)), interval: ends(interval) }
}

function jackknifed(estimate, leaveOneOut, range) {
  const interval = jackknifeInterval({ estimate, leaveOneOut, ...(range && { range }) })
  return { value: told(estimate), interval: ends(interval) }
}

const asDifference = ({ value, interval }) => ({ difference: value, differenceInterval: interval })
const ends = (interval) => interval && [told(interval.low), told(interval.high)]
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Four significant digits. */
const told = (value) => Number(value.toPrecision(4))
