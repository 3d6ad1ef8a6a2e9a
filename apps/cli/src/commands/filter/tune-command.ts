import { resolve } from 'node:path'
import { type ConceptPair, createConceptFilter } from '@assay/concept-filter'
import { writeConceptFilter } from '@assay/concept-filter/node'
import {
  type DecisionErrors,
  searchTuning,
  type TunedConceptPair,
  type TuningSearch,
} from '@assay/concept-filter/train'
import { AssayError, type ItemFailure } from '@assay/core'
import { type CommandSession, type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { figure } from '../../figure.js'
import { wordPairs } from '../../filter/open-filter.js'
import { tuneOnSides } from '../../filter/tune-on-experiment.js'
import { tuningSettings } from '../../filter/tuning-flags.js'
import {
  builtInSides,
  folderSides,
  foldersOf,
  type TuningSourceFlags,
} from '../../filter/tuning-sides.js'
import { wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface TuneFlags extends SessionFlags, TuningSourceFlags {
  readonly search?: boolean
  readonly seed: string
  readonly out: string
}

/** A tuned pair, with how well it does. */
interface TunedPair {
  readonly pair: ConceptPair
  readonly tuned: Omit<TunedConceptPair, 'pair'> | null
  /** Null without a search. */
  readonly search: Omit<TuningSearch, 'pair' | 'tuned'> | null
}

/** `assay filter tune`: pairs from words, tuned on pictures, in a file. */
export function tuneCommand(flags: TuneFlags): Promise<number> {
  const settings = tuningSettings(flags)
  const seed = wholeNumber('--seed', flags.seed)
  const folders = foldersOf(flags)
  return withSession(flags, async (session) => {
    const failures: ItemFailure[] = []
    const tuned: TunedPair[] = []
    const pairs = await startingPairs(flags, session)
    for (const pair of pairs) {
      const sides = folders
        ? await folderSides(folders, { flags, failures }, session)
        : await builtInSides(pair, flags, session)
      tuned.push(
        flags.search
          ? searched(searchTuning({ pair, ...sides, seed, onProgress: session.progress }))
          : once(tuneOnSides({ pair, ...sides, settings, seed })),
      )
    }
    const filter = createConceptFilter({ pairs: tuned.map(({ pair }) => pair) })
    await writeConceptFilter(resolve(flags.out), filter)
    session.endProgress()
    tell(tuned, failures, flags)
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

const once = ({ pair, ...tuned }: TunedConceptPair): TunedPair => ({ pair, tuned, search: null })

function searched({ pair, tuned, ...search }: TuningSearch): TunedPair {
  if (tuned === null) return { pair, tuned, search }
  const { pair: _, ...rest } = tuned
  return { pair, tuned: rest, search }
}

async function startingPairs(
  { pair: values = [], encoder: name }: TuneFlags,
  session: CommandSession,
): Promise<readonly ConceptPair[]> {
  if (values.length > 0) {
    const encoder = await session.openEncoder(name, { normalize: false })
    return wordPairs(values, { encoder }, session)
  }
  throw new AssayError({
    code: 'CONFIG_MISSING',
    message: 'No pair is named.',
    value: values,
    remedy: 'Give one by --pair, for instance tiger, or "tiger/animal".',
  })
}

function tell(tuned: readonly TunedPair[], failures: readonly ItemFailure[], flags: TuneFlags) {
  const { out, json } = flags
  if (json) {
    const pairs = tuned.map(({ pair: { id, provenance }, ...how }) => ({ id, provenance, ...how }))
    printJson({ out, pairs, failures })
    return
  }
  tellFailures(failures)
  for (const each of tuned) process.stdout.write(`${sectionOf(each)}\n`)
  process.stdout.write(`${out}: a filter of ${tuned.length} pairs, with the thresholds of before\n`)
}

function sectionOf({ pair, tuned, search }: TunedPair): string {
  const how =
    tuned === null
      ? 'left as its words have it: no tuning did better'
      : `step ${tuned.step}, turned by ${tuned.turned.unacceptable.toFixed(1)} and ${tuned.turned.acceptable.toFixed(1)} degrees`
  const rows = search
    ? [
        ['  untuned, by cross validation', ...ratesOf(search.untuned)],
        ['  chosen and tuned, on folds that no choice saw', ...ratesOf(search.estimate)],
      ]
    : [
        ['  on the pictures that it was tuned on', ...ratesOf(tuned?.training ?? null)],
        ['  on those that chose the step', ...ratesOf(tuned?.validation ?? null)],
      ]
  return `${pair.id}: ${how}\n${table([['', 'FNR', 'FPR'], ...rows])}`
}

const ratesOf = (errors: DecisionErrors | null): readonly string[] =>
  errors === null
    ? ['–', '–']
    : [figure(errors.falseNegativeRate), figure(errors.falsePositiveRate)]
