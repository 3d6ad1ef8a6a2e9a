import { figure } from '../figure.js'
import { table } from '../table.js'
import type { EvaluatedCell, JudgedMeasure } from './evaluate-on-experiment.js'

const heads: Readonly<Record<string, string>> = {
  'clip-accuracy-soft': 'CLIP accuracy, soft',
  'clip-accuracy-hard': 'CLIP accuracy, hard',
  'normalised-clip-score': 'normalised CLIP score',
  'false-negative-rate': 'FNR',
  'false-positive-rate': 'FPR',
  'evasion-rate': 'evasion rate',
}

/** The paper's table: for each generator and pair, each figure of the filter untuned and tuned. */
export function evaluationTable(
  cells: readonly EvaluatedCell[],
  encoders: { readonly filter: string; readonly judge: string },
): string {
  const notes = [
    `Filters see with ${encoders.filter}. Judged by it, as in the paper, a filter is judged by its own eyes:`,
    `hard CLIP accuracy of what an untuned filter passes is 0 by construction. ${encoders.judge} was trained apart;`,
    '`composition` is what the generator itself says its pictures are made of. 95 in 100 such intervals hold',
    'for other prompts and seeds of this generator; nothing is said of other generators.',
  ]
  return `${cells.map(section).join('\n')}\n${notes.join('\n')}\n`
}

function section({ generator, pair, tuned, filters }: EvaluatedCell): string {
  const [untuned, after] = filters.map(({ measures }) => measures)
  const rows = (untuned ?? []).map((measure, at) => [
    `  ${measure.group ?? ''}`,
    heads[measure.id] ?? measure.id,
    measure.judge,
    String(measure.n),
    figure(measure),
    after?.[at] === undefined ? '' : figure(after[at] as JudgedMeasure),
  ])
  const { objective, step, turnedDegrees } = tuned
  const turned = `${turnedDegrees.unacceptable.toFixed(1)} and ${turnedDegrees.acceptable.toFixed(1)} degrees`
  const title = `${pair}, drawn by ${generator}; tuned by ${objective}, step ${step}, vectors turned by ${turned}`
  return `${title}\n${table([['  prompts', 'figure', 'judge', 'n', 'untuned', 'tuned'], ...rows])}`
}
