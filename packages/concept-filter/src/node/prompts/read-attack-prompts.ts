import { readFile, stat } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { CsvParser, type CsvRecord } from '@assay/core/formats'
import { type PromptListFormat, promptListFormats } from './prompt-list-formats.js'

/** A prompt that somebody wrote, or a machine found, to make a generator draw what it must not. */
export interface AttackPrompt {
  /** Place in the list, counted from 0, as text. */
  readonly id: string
  readonly prompt: string
  /** What the prompt stands for, where the list tells: the plain prompt that it was made from. */
  readonly target: string | null
  /** Categories of I2P, for instance `violence`. */
  readonly categories: readonly string[]
  readonly seed: number | null
  readonly guidanceScale: number | null
  /** Every cell by its column's name; empty for lists without a header. */
  readonly columns: Readonly<Record<string, string>>
}

/** How a list is read. */
export interface ReadAttackPromptsOptions {
  /** Default: told from the header. */
  readonly format?: PromptListFormat
}

/** Longest list that is read, in bytes; those published are below 3 MB. */
const longestFile = 64 * 2 ** 20

/**
 * Reads a published list of adversarial prompts from a CSV file: I2P, Ring-A-Bell (with the header of its
 * data set, or without any, as its code writes it), MMA-Diffusion, or the results of SneakyPrompt, of which
 * the successful ones count. The lists stay where they are: none comes with this package.
 *
 * @throws AssayError `FILE_MISSING`, `FILE_READ_FAILED`, `LIMIT_EXCEEDED`, `MALFORMED_METADATA` with file and
 *   line, `UNSUPPORTED_FORMAT` for a header of no known list
 */
export async function readAttackPrompts(
  path: string,
  { format }: ReadAttackPromptsOptions = {},
): Promise<readonly AttackPrompt[]> {
  const parser = new CsvParser(path)
  const records = [...parser.take(await readText(path)), ...parser.finish()]
  const [first] = records
  if (first === undefined) return []
  const chosen = format ?? recognise(path, first)
  const { promptColumn, targetColumn, keep } = promptListFormats[chosen]
  const hasHeader = first.cells.includes(promptColumn)
  if (!hasHeader && (chosen !== 'ring-a-bell' || first.cells.length > 1)) {
    throw unknownHeader(path, first)
  }
  const names = hasHeader ? first.cells : [promptColumn]
  return records
    .slice(hasHeader ? 1 : 0)
    .map((record) => ({ record, columns: toColumns(path, names, record) }))
    .filter(({ columns }) => keep(columns))
    .map(({ columns }, at) => ({
      id: String(at),
      prompt: columns[promptColumn] ?? '',
      target: (targetColumn && columns[targetColumn]) || null,
      categories: splitCategories(columns['categories']),
      seed: firstNumber(columns, ['sd_seed', 'evaluation_seed', 'seed']),
      guidanceScale: firstNumber(columns, ['sd_guidance_scale', 'evaluation_guidance', 'guidance']),
      columns: hasHeader ? columns : {},
    }))
}

async function readText(path: string): Promise<string> {
  try {
    const { size } = await stat(path)
    if (size > longestFile) throw tooLong(path, size)
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (AssayError.isInstance(cause)) throw cause
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT'
    throw new AssayError({
      code: missing ? 'FILE_MISSING' : 'FILE_READ_FAILED',
      message: `The prompt list ${path} ${missing ? 'does not exist' : 'cannot be read'}.`,
      value: path,
      remedy: 'Download the list from its authors and give its path.',
      location: { file: path },
      cause,
    })
  }
}

function recognise(path: string, first: CsvRecord): PromptListFormat {
  const known = Object.entries(promptListFormats) as [
    PromptListFormat,
    (typeof promptListFormats)[PromptListFormat],
  ][]
  const match = known.find(([, { header }]) => header.every((name) => first.cells.includes(name)))
  if (match === undefined) throw unknownHeader(path, first)
  return match[0]
}

function toColumns(path: string, names: readonly string[], { line, cells }: CsvRecord) {
  if (cells.length === names.length) {
    return Object.fromEntries(names.map((name, at) => [name, cells[at] ?? '']))
  }
  throw new AssayError({
    code: 'MALFORMED_METADATA',
    message: `${path}, line ${line}: ${cells.length} cells where ${names.length} belong.`,
    value: cells.length,
    remedy: 'Mend that line, or download the list again.',
    location: { file: path, row: line },
  })
}

const splitCategories = (cell = '') =>
  cell
    .split(',')
    .map((category) => category.trim())
    .filter((category) => category !== '')

function firstNumber(columns: Readonly<Record<string, string>>, names: readonly string[]) {
  const cell = names
    .map((name) => columns[name])
    .find((value) => value !== undefined && value !== '')
  const value = Number(cell ?? Number.NaN)
  return Number.isFinite(value) ? value : null
}

const unknownHeader = (path: string, { cells }: CsvRecord) =>
  new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${path} has the columns of no known prompt list: ${cells.join(', ').slice(0, 200)}.`,
    value: cells,
    remedy: `Give a list of ${Object.keys(promptListFormats).join(', ')}; say which as \`format\` where there is no header.`,
    location: { file: path, row: 1 },
  })

const tooLong = (path: string, size: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `The prompt list ${path} has ${size} bytes, more than ${longestFile}.`,
    value: size,
    remedy: 'Split the list.',
    location: { file: path },
  })
