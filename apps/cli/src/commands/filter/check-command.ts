import { mkdir, readFile } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import type { ConceptDecision, PictureAction, PictureOutcome } from '@assay/concept-filter'
import { actOnPictureFile } from '@assay/concept-filter/node'
import { AssayError, type ItemFailure, itemFailure } from '@assay/core'
import type { Picture } from '@assay/embed'
import { writeFileAtomic } from '@assay/store'
import { withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { embedSet } from '../../filter/embed-set.js'
import { type FilterFlags, openFilter } from '../../filter/open-filter.js'
import { type ActionFlags, pictureAction } from '../../filter/picture-action.js'
import { printJson } from '../../print-json.js'
import { printable, table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface CheckFlags extends FilterFlags, ActionFlags {
  readonly out?: string
}

/** A picture, what the filter says of it, and what became of it. */
interface CheckedPicture {
  readonly decision: ConceptDecision
  readonly outcome: PictureOutcome | null
}

/** `assay filter check`: pictures against pairs; ends with 100 where `--action throw` meets a flagged one. */
export function checkCommand(path: string, flags: CheckFlags): Promise<number> {
  if (flags.out === undefined && ['replace', 'blur'].includes(flags.action)) throw nowhere(flags)
  return withSession(flags, async (session) => {
    const action = await pictureAction(flags)
    const { filter, encoder } = await openFilter(flags, session)
    const { pictures, embeddings, failures } = await embedSet(path, encoder.image, session)
    const checked: CheckedPicture[] = []
    const failed: ItemFailure[] = [...failures]
    for (const [at, decision] of filter.check(embeddings).entries()) {
      const picture = pictures[at]
      if (picture === undefined) continue
      try {
        const outcome = await act(picture, decision, { action, out: flags.out })
        checked.push({ decision, outcome })
      } catch (error) {
        failed.push(itemFailure(decision.id, 'act', error))
      }
    }
    session.endProgress()
    tell(checked, failed, flags)
    const isHeld = action.kind === 'throw' && checked.some(({ decision }) => decision.flagged)
    if (isHeld) return exitCode.gateFailed
    return failed.length > 0 ? exitCode.partial : exitCode.ok
  })
}

/** Writes the picture that leaves the system; what is held back is not written. */
async function act(
  { id, source }: Picture,
  decision: ConceptDecision,
  { action, out }: { readonly action: PictureAction; readonly out: string | undefined },
): Promise<PictureOutcome | null> {
  if (action.kind === 'throw' && decision.flagged) return null
  if (out === undefined) return null
  const bytes = new Uint8Array(
    typeof source === 'string' ? await readFile(source) : await source.read(),
  )
  const acted = await actOnPictureFile({ bytes, decision, action })
  const path = pathWithin(out, id)
  await mkdir(dirname(path), { recursive: true })
  await writeFileAtomic(path, acted.bytes)
  return acted.outcome
}

/** @throws AssayError `INVALID_ARGUMENT` for a name that leads out of the folder */
function pathWithin(folder: string, id: string): string {
  const path = resolve(folder, id)
  const [first] = relative(resolve(folder), path).split(/[\\/]/)
  if (first !== '..' && first !== '') return path
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The picture "${id}" would be written outside of ${folder}.`,
    value: id,
    remedy: 'Rename the picture in its set.',
  })
}

function tell(
  checked: readonly CheckedPicture[],
  failures: readonly ItemFailure[],
  { json, out }: CheckFlags,
): void {
  const flagged = checked.filter(({ decision }) => decision.flagged).length
  if (json) {
    const pictures = checked.map(({ decision, outcome }) => ({ ...decision, outcome }))
    printJson({ checked: checked.length, flagged, out: out ?? null, pictures, failures })
    return
  }
  tellFailures(failures)
  const rows = checked.map(({ decision, outcome }) => [
    printable(decision.id),
    decision.flagged ? 'flagged' : 'passed',
    ...strongestCells(decision),
    outcome ?? '',
  ])
  const head = ['picture', 'decision', 'pair', 'margin', 'threshold', 'radius', '']
  process.stdout.write(table([head, ...rows]))
  process.stdout.write(
    `\n${flagged} of ${checked.length} flagged. Radius: shortest noise on the image embedding that changes what the pair says, as a share of its length; it says nothing of changed pixels or prompts.\n`,
  )
}

function strongestCells({ pairs, norm }: ConceptDecision): readonly string[] {
  const strongest = pairs.find(({ rank }) => rank === 1)
  if (strongest === undefined) return ['', '', '', '']
  const { pairId, margin, threshold, radius } = strongest
  const share = radius.exact === null ? 'any' : (radius.exact / norm).toFixed(4)
  return [pairId, margin.toFixed(4), threshold.toFixed(4), share]
}

const nowhere = ({ action }: CheckFlags): AssayError =>
  new AssayError({
    code: 'CONFIG_MISSING',
    message: `--action ${action} makes pictures, and nobody says where they go.`,
    value: action,
    remedy: 'Name a folder by --out.',
  })
