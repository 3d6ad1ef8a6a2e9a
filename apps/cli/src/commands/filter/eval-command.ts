import { AssayError } from '@assay/core'
import { type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { openExperiment } from '../../filter/built-in-experiment.js'
import { type EvaluatedCell, evaluateOnExperiment } from '../../filter/evaluate-on-experiment.js'
import { evaluationTable } from '../../filter/evaluation-table.js'
import { experimentCells } from '../../filter/experiment-pictures.js'
import { type ExperimentView, openExperimentView } from '../../filter/experiment-view.js'
import { tuneOnExperiment } from '../../filter/tune-on-experiment.js'
import { type TuningFlags, tuningSettings } from '../../filter/tuning-flags.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'

interface EvalFlags extends SessionFlags, TuningFlags {
  readonly pair?: readonly string[]
  readonly generator?: readonly string[]
  readonly level: string
  readonly seed: string
}

/** `assay filter eval`: the paper's table, over pictures that lie in a folder. */
export function evalCommand(folder: string | undefined, flags: EvalFlags): Promise<number> {
  const level = decimalNumber('--level', flags.level)
  const seed = wholeNumber('--seed', flags.seed)
  const settings = tuningSettings(flags)
  return withSession(flags, async (session) => {
    const experiment = await openExperiment(folder)
    const views = {
      filter: await openExperimentView(experiment.filterEncoder, experiment, session),
      judge: await openExperimentView(experiment.judgeEncoder, experiment, session),
    }
    const cells: EvaluatedCell[] = []
    const chosen = chosenCells(experimentCells(experiment), flags)
    for (const { generator, pair: id } of chosen) {
      const untuned = views.filter.pairs.get(id)
      if (untuned === undefined) continue
      const tuned = await tuneOnExperiment({
        ...{ experiment, view: views.filter, pair: untuned, generator, settings, seed },
      })
      const evaluate = (pair: typeof untuned, name: string) =>
        evaluateOnExperiment({ experiment, views, generator, pair, name, level })
      const { turned: turnedDegrees, step } = tuned
      cells.push({
        ...{ generator, pair: id },
        tuned: { objective: settings.objective.kind, step, turnedDegrees },
        filters: [
          { filter: 'untuned', measures: await evaluate(untuned, 'untuned') },
          { filter: 'tuned', measures: await evaluate(tuned.pair, 'tuned') },
        ],
      })
      session.progress({ task: 'evaluate filters', done: cells.length, total: chosen.length })
    }
    session.endProgress()
    if (flags.json) printJson({ encoders: encodersOf(views), level, cells })
    else process.stdout.write(evaluationTable(cells, encodersOf(views)))
    return exitCode.ok
  })
}

const encodersOf = ({ filter, judge }: Readonly<Record<'filter' | 'judge', ExperimentView>>) => ({
  filter: filter.encoder,
  judge: judge.encoder,
})

type Cells = ReturnType<typeof experimentCells>

function chosenCells(all: Cells, { pair, generator }: EvalFlags): Cells {
  const isAny = (names: readonly string[] | undefined, name: string) =>
    names?.includes(name) ?? true
  assertKnown('--pair', pair, [...new Set(all.map((cell) => cell.pair))])
  assertKnown('--generator', generator, [...new Set(all.map((cell) => cell.generator))])
  return all.filter((cell) => isAny(pair, cell.pair) && isAny(generator, cell.generator))
}

function assertKnown(
  flag: string,
  names: readonly string[] | undefined,
  known: readonly string[],
): void {
  const strange = names?.find((name) => !known.includes(name))
  if (strange === undefined) return
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `${flag} ${strange} is nothing that the experiment has.`,
    value: strange,
    remedy: `Name one of ${known.join(', ')}.`,
  })
}
