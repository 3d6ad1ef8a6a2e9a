import { type StressReport, stressTest } from '@assay/concept-filter/attacks'
import { naturalTransforms, typographicOverlays } from '@assay/concept-filter/node'
import { AssayError, type ItemFailure, itemFailure, selectRows } from '@assay/core'
import { decodeImage } from '@assay/embed'
import { type CommandSession, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { attackTable, stressTable } from '../../filter/attack-tables.js'
import { type EmbeddedSet, embedSet } from '../../filter/embed-set.js'
import { type FilterFlags, type OpenedFilter, openFilter } from '../../filter/open-filter.js'
import {
  type AttackedItem,
  type AttackReport,
  type AttackSettings,
  pictureAttacks,
  runAttack,
} from '../../filter/run-attacks.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { tellFailures } from '../../tell-failures.js'

interface AttackFlags extends FilterFlags {
  readonly attacks: string
  readonly norm: string
  readonly radius?: string
  readonly queries: string
  readonly gradients?: string
  readonly most: string
  readonly level: string
  readonly seed: string
}

/** Changes to all pictures alike, without a budget. */
const stresses = ['transforms', 'typographic'] as const
const names = [...stresses, ...pictureAttacks] as const
type AttackName = (typeof names)[number]

/** What became of the decisions. */
interface AttackOutcome {
  readonly stress: readonly { readonly stress: string; readonly report: StressReport }[]
  readonly attacks: readonly AttackReport[]
  readonly failures: readonly ItemFailure[]
}

/** `assay filter attack`: decisions on pictures, under stress and attack. */
export function attackCommand(path: string, flags: AttackFlags): Promise<number> {
  const chosen = attacksOf(flags.attacks)
  const settings = settingsOf(flags)
  const most = wholeNumber('--most', flags.most)
  return withSession(flags, async (session) => {
    const opened = await openFilter(flags, session)
    const set = await embedSet(path, opened.encoder.image, session)
    const { items, failures } = await decodedItems(set, most)
    const embeddings = selectRows(
      set.embeddings,
      items.map(({ row }) => row),
    )
    const rows = items.map((item, row) => ({ ...item, row }))
    const target = { opened, embeddings, settings }
    const stress = []
    for (const name of stresses.filter((each) => chosen.includes(each))) {
      stress.push({ stress: name, report: await stressed(name, rows, target, session) })
    }
    const attacks: AttackReport[] = []
    for (const name of pictureAttacks.filter((each) => chosen.includes(each))) {
      attacks.push(await runAttack(name, rows, target, session))
    }
    session.endProgress()
    const own = [...stress.map(({ report }) => report), ...attacks].flatMap((each) => each.failures)
    const outcome = { stress, attacks, failures: [...set.failures, ...failures, ...own] }
    tell(outcome, flags)
    return outcome.failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

function attacksOf(text: string): readonly AttackName[] {
  return text.split(',').map((value) => {
    const name = names.find((each) => each === value.trim())
    if (name !== undefined) return name
    throw notGiven('--attacks', value, `Give some of ${names.join(', ')}, separated by commas.`)
  })
}

function settingsOf(flags: AttackFlags): AttackSettings {
  const { norm, gradients } = flags
  if (norm !== 'linf' && norm !== 'l2') throw notGiven('--norm', norm, 'Give linf or l2.')
  const radius = decimalNumber('--radius', flags.radius ?? (norm === 'linf' ? '8' : '255')) / 255
  return {
    ...{ norm, radius, gradients },
    budget: wholeNumber('--queries', flags.queries),
    level: decimalNumber('--level', flags.level),
    seed: wholeNumber('--seed', flags.seed),
  }
}

const notGiven = (flag: string, value: string, remedy: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `${flag} ${value} is not known.`,
    value,
    remedy,
  })

/** The first pictures as pixels. */
async function decodedItems({ pictures }: EmbeddedSet, most: number) {
  const items: AttackedItem[] = []
  const failures: ItemFailure[] = []
  for (const [row, { id, source }] of pictures.slice(0, most).entries()) {
    try {
      const bytes = typeof source === 'string' ? source : await source.read()
      items.push({ id, image: await decodeImage(bytes, { name: id }), row })
    } catch (error) {
      failures.push(itemFailure(id, 'decode', error))
    }
  }
  return { items, failures }
}

function stressed(
  name: (typeof stresses)[number],
  items: readonly AttackedItem[],
  {
    opened: { filter, encoder },
    settings: { seed, level },
  }: { readonly opened: OpenedFilter; readonly settings: AttackSettings },
  { progress, signal }: CommandSession,
): Promise<StressReport> {
  return stressTest({
    ...{ items, filter, seed, level, progress, signal },
    encoder: encoder.image,
    transforms: name === 'transforms' ? naturalTransforms : overlays(filter),
  })
}

/** The words of both sides of every pair, written below. */
const overlays = ({ pairs }: OpenedFilter['filter']) =>
  pairs.flatMap((pair) =>
    (['acceptable', 'unacceptable'] as const).flatMap((side) => {
      const text = pair[side].prompts[0] ?? ''
      const options = { text, heights: [10, 20], colours: ['black'] }
      return typographicOverlays({ ...options, positions: ['bottom'] }).map((transform) => ({
        ...transform,
        id: `${pair.id}, "${text}" written`,
      }))
    }),
  )

function tell({ stress, attacks, failures }: AttackOutcome, { json }: AttackFlags): void {
  if (json) {
    printJson({ stress, attacks, failures })
    return
  }
  tellFailures(failures)
  for (const { report } of stress) process.stdout.write(`${stressTable(report)}\n`)
  if (attacks.length > 0) process.stdout.write(`${attackTable(attacks)}\n`)
  process.stdout.write(
    'An attack that fails bounds robustness from above only: a better one may succeed.\n',
  )
}
