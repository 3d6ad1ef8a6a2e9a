import { AssayError } from '@assay/core'
import { type LabelRow, labelError } from './label-row.js'

/** How labels are joined to features. */
export interface LabelTableOptions {
  /** Ids of the features, to join by; null to take the rows in order. */
  readonly ids: readonly string[] | null
  /**
   * Field that holds the id. Default: the first of `id`, `file_name`, `image_path` that the first row
   * has. Null for none.
   */
  readonly idField?: string | null
}

/** Labels in the order of the rows of the features. */
export interface Labels {
  /** The ids that the table gives; null where it has none, or the features had their own. */
  readonly ids: readonly string[] | null
  readonly groups: ReadonlyMap<string, readonly (string | null)[]>
}

const idFields = ['id', 'file_name', 'image_path'] as const

/** Fields that a table may have: rows with a field each would fill the memory. */
const mostFields = 256

/** Collects the labels of rows that come one by one. */
export class LabelTable {
  readonly #path: string
  readonly #options: LabelTableOptions
  readonly #places: ReadonlyMap<string, number> | null
  readonly #groups = new Map<string, (string | null)[]>()
  readonly #seen = new Set<string>()
  #idField: string | null | undefined
  #rows = 0
  #joined = 0

  constructor(path: string, options: LabelTableOptions) {
    this.#path = path
    this.#options = options
    this.#idField = options.idField
    this.#places = options.ids && new Map(options.ids.map((id, row) => [id, row]))
  }

  add(labelRow: LabelRow): void {
    const { values } = labelRow
    if (this.#idField === undefined) this.#idField = idFieldOf(values)
    const id = this.#idOf(labelRow)
    const row = this.#places ? this.#places.get(id ?? '') : this.#rows
    this.#rows++
    if (row === undefined) return
    this.#joined++
    for (const [field, value] of values) {
      if (field !== this.#idField) this.#set(field, row, value)
    }
  }

  finish(): Labels {
    const { ids } = this.#options
    if (ids !== null && this.#joined === 0) throw this.#disjoint(ids)
    const rows = ids?.length ?? this.#rows
    for (const labels of this.#groups.values()) pad(labels, rows)
    return {
      ids: ids === null && this.#seen.size > 0 ? [...this.#seen] : null,
      groups: this.#groups,
    }
  }

  #idOf({ file, number: row, values }: LabelRow): string | null {
    if (this.#idField == null) {
      if (this.#places === null) return null
      throw labelError(file, { row, reason: 'has no id to join it to the features by' })
    }
    const id = labelOf(values.get(this.#idField))
    if (id === null) {
      throw labelError(file, { row, reason: `has no ${JSON.stringify(this.#idField)}` })
    }
    if (this.#seen.has(id)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `Line ${row} of ${file} has the id ${JSON.stringify(id)} of an earlier line.`,
        value: id,
        remedy: 'Keep one line for each picture, or name another field as the id.',
        location: { file, row, id },
      })
    }
    this.#seen.add(id)
    return id
  }

  #set(field: string, row: number, value: unknown): void {
    const labels = this.#groups.get(field) ?? []
    if (labels.length === 0) this.#groups.set(field, labels)
    if (this.#groups.size > mostFields) {
      throw new AssayError({
        code: 'LIMIT_EXCEEDED',
        message: `${this.#path} has more than ${mostFields} fields.`,
        value: field,
        remedy: 'Keep only the fields that are labels.',
        location: { file: this.#path },
      })
    }
    pad(labels, row)
    labels[row] = labelOf(value)
  }

  #disjoint(ids: readonly string[]): AssayError {
    const [one = ''] = this.#seen
    return new AssayError({
      code: 'SHAPE_MISMATCH',
      message: `No id of ${this.#path} (${JSON.stringify(one)}, ...) is an id of the features (${JSON.stringify(ids[0])}, ...).`,
      value: one,
      remedy: 'Write the same ids in both, or name the field that holds them.',
      location: { file: this.#path },
    })
  }
}

const idFieldOf = (values: ReadonlyMap<string, unknown>): string | null =>
  idFields.find((field) => values.has(field)) ?? null

/** Texts, numbers and truth values are labels; nothing else is. */
function labelOf(value: unknown): string | null {
  const isLabel = ['string', 'number', 'bigint', 'boolean'].includes(typeof value)
  return isLabel && value !== '' ? String(value) : null
}

function pad(labels: (string | null)[], length: number): void {
  while (labels.length < length) labels.push(null)
}
