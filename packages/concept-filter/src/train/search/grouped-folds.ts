import { AssayError, createRandom } from '@assay/core'
import type { ClusterId } from '@assay/core/statistics'
import type { PreparedPictures } from '../prepared-pictures.js'

/** Row numbers of each side. */
export interface SideRows {
  readonly unacceptable: readonly number[]
  readonly acceptable: readonly number[]
}

interface GroupedFoldsOptions {
  readonly folds: number
  readonly seed: number | string
}

/**
 * Shares pictures out over folds of about equal size on both sides. Pictures of one prompt, and of the
 * prompt of its name on the other side, stay together; without prompts, row i of both sides does.
 *
 * @throws AssayError `INVALID_ARGUMENT` for fewer than two folds, or more than prompts on a side
 */
export function groupedFolds(
  pictures: PreparedPictures,
  { folds, seed }: GroupedFoldsOptions,
): readonly SideRows[] {
  assertFolds(folds, true)
  const prompts = [...promptsOf(pictures).values()]
  const counts = {
    unacceptable: pictures.unacceptable.pictures.rows,
    acceptable: pictures.acceptable.pictures.rows,
  }
  const shuffled = createRandom(seed)
    .shuffle(prompts)
    .sort((one, other) => share(other, counts) - share(one, counts))
  const made = Array.from({ length: folds }, (): PromptRows => emptyRows())
  for (const prompt of shuffled) {
    // The emptiest fold for what the prompt brings: sides are counted apart, so that none goes without.
    const fold = made.reduce((best, each) =>
      load(each, prompt, counts) < load(best, prompt, counts) ? each : best,
    )
    fold.unacceptable.push(...prompt.unacceptable)
    fold.acceptable.push(...prompt.acceptable)
  }
  assertFolds(
    folds,
    made.every((fold) => fold.unacceptable.length > 0 && fold.acceptable.length > 0),
  )
  return made.map(({ unacceptable, acceptable }) => ({
    unacceptable: unacceptable.sort((one, other) => one - other),
    acceptable: acceptable.sort((one, other) => one - other),
  }))
}

/** The rows of all folds but one. */
export function otherRows(folds: readonly SideRows[], held: SideRows): SideRows {
  const others = folds.filter((fold) => fold !== held)
  const joined = (side: keyof SideRows) =>
    others.flatMap((fold) => fold[side]).sort((one, other) => one - other)
  return { unacceptable: joined('unacceptable'), acceptable: joined('acceptable') }
}

interface PromptRows {
  readonly unacceptable: number[]
  readonly acceptable: number[]
}

const emptyRows = (): PromptRows => ({ unacceptable: [], acceptable: [] })

function promptsOf(pictures: PreparedPictures): Map<ClusterId, PromptRows> {
  const found = new Map<ClusterId, PromptRows>()
  for (const side of ['unacceptable', 'acceptable'] as const) {
    const { pictures: rows, prompts } = pictures[side]
    for (let row = 0; row < rows.rows; row += 1) {
      const prompt = prompts?.[row] ?? row
      const known = found.get(prompt) ?? emptyRows()
      known[side].push(row)
      found.set(prompt, known)
    }
  }
  return found
}

type Counts = Readonly<Record<keyof SideRows, number>>

const share = ({ unacceptable, acceptable }: SideRows, counts: Counts) =>
  unacceptable.length / counts.unacceptable + acceptable.length / counts.acceptable

/** How full a fold is, on the sides that a prompt has pictures of first. */
function load(fold: SideRows, prompt: SideRows, counts: Counts): number {
  const filled = (side: keyof SideRows) => fold[side].length / counts[side]
  const wanted = (side: keyof SideRows) => (prompt[side].length > 0 ? filled(side) : 0)
  return wanted('unacceptable') + wanted('acceptable') + 1e-3 * share(fold, counts)
}

function assertFolds(folds: number, filled: boolean): void {
  if (Number.isInteger(folds) && folds >= 2 && filled) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The pictures cannot be shared out over ${folds} folds.`,
    value: folds,
    remedy: 'Ask for 2 folds or more, and for no more than there are prompts on each side.',
  })
}
