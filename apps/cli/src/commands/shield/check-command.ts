import { AssayError, type ItemFailure, type Measure } from '@assay/core'
import { type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { figure } from '../../figure.js'
import { decimalNumber } from '../../flag-values.js'
import { printJson } from '../../print-json.js'
import { type ComparisonSpace, comparisonSpace } from '../../shield/comparison-space.js'
import { insideMeasure } from '../../shield/inside-measure.js'
import { type ComparedPicture, nearestProtected } from '../../shield/nearest-protected.js'
import { pictureVectors } from '../../shield/picture-vectors.js'
import { openProtected } from '../../shield/protected-pictures.js'
import { sourcePictures } from '../../shield/source-pictures.js'
import { printable, table } from '../../table.js'
import { tellFailures } from '../../tell-failures.js'

interface CheckFlags extends SessionFlags {
  readonly protect: string
  readonly model: string
  readonly radius?: string
  readonly space: string
  readonly gate?: boolean
}

/** Pictures that were compared with protected ones. */
interface Checked {
  readonly space: string
  readonly radius: number
  readonly compared: readonly ComparedPicture[]
  readonly inside: Measure
  readonly failures: readonly ItemFailure[]
}

/** `assay shield check`: which files lie in the shield of a protected picture. */
export function checkCommand(path: string, flags: CheckFlags): Promise<number> {
  return withSession(flags, async (session) => {
    const { protect, model } = flags
    const { progress, signal } = session
    const set = await sourcePictures(path)
    const named = await comparisonSpace(flags.space, set.pictures, session)
    const { space } = named
    const radius = radiusOf(flags, named)
    const known = await openProtected({ protect, model, space }, session)
    const reading = { pictures: set.pictures, space, fit: false, task: 'read pictures' }
    const { failures: unread, ...read } = await pictureVectors({ ...reading, progress, signal })
    const compared = await nearestProtected(read, known, { start: radius, signal })
    const failures = [...set.failures, ...unread, ...known.failures]
    const missing = set.failures.length + unread.length
    const inside = insideMeasure({ id: 'inside', compared, radius, missing })
    session.endProgress()
    tell({ space: space.name, radius, compared, inside, failures }, flags)
    if (flags.gate && inside.value !== 0) return exitCode.gateFailed
    return failures.length > 0 ? exitCode.partial : exitCode.ok
  })
}

/** As given, or where the encoder's card says that two pictures are near-duplicates. */
function radiusOf({ radius, space }: CheckFlags, { card }: ComparisonSpace): number {
  if (radius !== undefined) return decimalNumber('--radius', radius)
  const cosine = card?.nearDuplicate?.threshold
  if (cosine !== undefined) return Math.sqrt(2 - 2 * cosine)
  throw new AssayError({
    code: 'CONFIG_MISSING',
    message: `Nothing says how near is too near in ${space}.`,
    value: space,
    remedy: 'Give --radius; `assay shield calibrate` finds one.',
  })
}

/** Pictures that a table shows, the nearest ones. */
const mostShown = 20

function tell({ space, radius, compared, inside, failures }: Checked, { json }: CheckFlags): void {
  const sorted = compared.toSorted((one, other) => one.distance - other.distance)
  if (json) {
    const pictures = sorted.map(({ picture: { id, prompt }, distance, nearest }) => ({
      ...{ id, prompt, distance, nearest, inside: distance < radius },
    }))
    printJson({ space, radius, checked: compared.length, measures: [inside], pictures, failures })
    return
  }
  tellFailures(failures)
  const rows = sorted
    .slice(0, mostShown)
    .map(({ picture, distance, nearest }) => [
      printable(picture.id),
      distance < radius ? 'INSIDE' : 'outside',
      distance.toPrecision(4),
      (distance / radius).toPrecision(3),
      printable(nearest ?? ''),
    ])
  const head = ['picture', '', 'distance', 'in radii', 'nearest protected picture']
  const more = compared.length - rows.length
  process.stdout.write(table([head, ...rows]))
  if (more > 0) process.stdout.write(`and ${more} that are farther\n`)
  process.stdout.write(
    `\nIn a shield of radius ${radius.toPrecision(4)} (${space}): ${figure(inside)} of ${inside.n}\n`,
  )
}
