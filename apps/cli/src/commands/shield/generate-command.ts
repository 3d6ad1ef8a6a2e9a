import { resolve } from 'node:path'
import { AssayError, type Measure } from '@assay/core'
import { type SessionFlags, withSession } from '../../command-session.js'
import { exitCode } from '../../exit-code.js'
import { figure } from '../../figure.js'
import { decimalNumber, wholeNumber } from '../../flag-values.js'
import { type PictureSettings, pictureRequests } from '../../generators/picture-requests.js'
import { type PromptFlags, readPrompts } from '../../generators/read-prompts.js'
import { printJson } from '../../print-json.js'
import type { ComparedSet } from '../../shield/compared-set.js'
import { drawShielded, type ShieldedPictures, type ShieldPlan } from '../../shield/draw-shielded.js'
import { insideMeasure } from '../../shield/inside-measure.js'
import { radiusText } from '../../shield/radius-text.js'
import { writeShieldEvidence } from '../../shield/write-shield-evidence.js'
import { type WrittenSheet, writeShieldSheet } from '../../shield/write-shield-sheet.js'
import { tellFailures } from '../../tell-failures.js'

interface GenerateFlags extends SessionFlags, PromptFlags {
  readonly protect?: string
  readonly radius?: string
  /** True where the flag names no radius. */
  readonly diversify?: string | true
  /** True where the flag names no folder. */
  readonly base?: string | true
  readonly model: string
  readonly n: string
  readonly seed: string
  readonly steps?: string
  readonly guidance?: string
  readonly out: string
}

/** What was drawn, and what was written beside it. */
interface Done extends ShieldedPictures {
  readonly measures: readonly Measure[]
  readonly evidence: string
  readonly sheet: WrittenSheet | null
}

/** `assay shield generate`: pictures that keep away from protected ones, with what the shields did. */
export async function generateCommand(flags: GenerateFlags): Promise<number> {
  const settings = settingsOf(flags)
  const plan = await planOf(flags, settings)
  return withSession(flags, async (session) => {
    const drawn = await drawShielded(plan, session)
    const { signal } = session
    const evidence = await writeShieldEvidence(drawn, signal)
    const sheet = await writeShieldSheet(drawn, { perPrompt: settings.n, signal })
    const measures = measuresOf(drawn)
    session.endProgress()
    tell({ ...drawn, measures, evidence, sheet }, flags)
    if (measures.some(({ id, value }) => id === 'inside' && value !== 0)) return exitCode.gateFailed
    return failuresOf(drawn).length > 0 ? exitCode.partial : exitCode.ok
  })
}

function settingsOf({ n, seed, steps, guidance }: GenerateFlags): PictureSettings {
  return {
    n: wholeNumber('--n', n),
    seed: wholeNumber('--seed', seed),
    ...(steps !== undefined && { steps: wholeNumber('--steps', steps) }),
    ...(guidance !== undefined && { guidanceScale: decimalNumber('--guidance', guidance) }),
  }
}

async function planOf(flags: GenerateFlags, settings: PictureSettings): Promise<ShieldPlan> {
  const { protect = null, radius, diversify, base, model, device = 'cpu', out } = flags
  if (protect === null && diversify === undefined) throw noShield()
  if (protect === null && radius !== undefined) throw radiusOfNothing(radius)
  const requests = pictureRequests(await readPrompts(flags), settings)
  const folder = base === true ? `${out.replace(/[\\/]+$/, '')}-base` : base
  if (folder !== undefined && resolve(folder) === resolve(out)) throw oneFolder(folder)
  const apart = typeof diversify === 'string' ? decimalNumber('--diversify', diversify) : null
  return {
    ...{ model, device, requests, protect, out },
    radius: radius === undefined ? null : decimalNumber('--radius', radius),
    diversify: diversify === undefined ? undefined : apart,
    base: folder ?? null,
  }
}

function measuresOf({ shielded, base, radii }: ShieldedPictures): readonly Measure[] {
  const radius = radii.protection?.radius
  const isCompared = ({ compared, failures }: ComparedSet) => compared.length + failures.length > 0
  if (radius === undefined || !isCompared(shielded)) return []
  const measure = (id: 'inside' | 'base-inside', { compared, failures }: ComparedSet) =>
    insideMeasure({ id, compared, radius, missing: failures.length })
  return [measure('inside', shielded), ...(base ? [measure('base-inside', base)] : [])]
}

const failuresOf = ({ shielded, base }: ShieldedPictures) =>
  [shielded, ...(base ? [base] : [])].flatMap(({ written, failures }) => [
    ...written.failures,
    ...failures,
  ])

function tell(done: Done, flags: GenerateFlags): void {
  const { shielded, radii, measures, evidence, sheet } = done
  const { pictures, rejected, added, folder } = shielded.written
  if (flags.json) {
    printJson(documentOf(done))
    return
  }
  tellFailures(failuresOf(done))
  for (const warning of radii.protection?.calibration?.warnings ?? []) {
    process.stderr.write(`${warning}\n`)
  }
  const refused = rejected.length > 0 ? `, ${rejected.length} refused` : ''
  const lines = [`${pictures.length} pictures in ${folder}, ${added} of them new${refused}\n`]
  const { protection, diversity } = radii
  if (protection?.calibration) lines.push(radiusText(protection.calibration))
  if (diversity) lines.push(`Pictures of a prompt keep ${diversity.radius.toPrecision(4)} apart\n`)
  const names = { inside: 'In a shield, of the files', 'base-inside': 'Without a shield' }
  for (const measure of measures) {
    const name = names[measure.id as keyof typeof names]
    lines.push(`${name}: ${figure(measure)} of ${measure.n}\n`)
  }
  lines.push(`What the shields did: ${evidence}\n`)
  if (sheet) lines.push(`To look at: ${sheet.path} (${sheet.shown} of ${sheet.pictures})\n`)
  process.stdout.write(lines.join(''))
}

/** The JSON document. */
function documentOf({
  generators: { generator },
  space,
  protectedPictures,
  radii,
  shielded,
  base,
  ...done
}: Done) {
  const { written } = shielded
  const told = ({ compared }: ComparedSet) =>
    compared.map(({ picture, distance, nearest }) => ({ id: picture.id, distance, nearest }))
  return {
    generator: { id: generator.id, fingerprint: generator.fingerprint },
    plan: written.plan,
    out: written.folder,
    space: space.vectors?.name ?? 'latent',
    protected: protectedPictures && {
      pictures: protectedPictures.references.size,
      sha256: protectedPictures.hash,
    },
    radius: radii.protection,
    diversity: radii.diversity,
    pictures: written.pictures.length,
    added: written.added,
    rejected: written.rejected.map(({ prompt, seed, reason }) => ({ prompt, seed, reason })),
    measures: done.measures,
    nearest: told(shielded),
    base: base && {
      out: base.written.folder,
      pictures: base.written.pictures.length,
      nearest: told(base),
    },
    failures: [shielded, ...(base ? [base] : [])].flatMap((set) => [
      ...set.written.failures,
      ...set.failures,
    ]),
    evidence: done.evidence,
    contactSheet: done.sheet?.path ?? null,
  }
}

const noShield = (): AssayError =>
  new AssayError({
    code: 'CONFIG_MISSING',
    message: 'There is nothing that pictures should keep away from.',
    remedy:
      'Name protected pictures by --protect, have pictures of a prompt keep apart by --diversify, or both.',
  })

const radiusOfNothing = (radius: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: '--radius is that of shields around protected pictures, and none are named.',
    value: radius,
    remedy: 'Name them by --protect; the radius of keeping apart follows --diversify.',
  })

const oneFolder = (folder: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `Pictures with and without a shield would both go into ${folder}.`,
    value: folder,
    remedy: 'Name another folder by --base.',
  })
