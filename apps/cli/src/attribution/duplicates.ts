import type { DuplicateOptions } from '@assay/attribution/evaluation'
import { AssayError } from '@assay/core'
import type { ExemplarSet } from './exemplar-set.js'
import { readNearDuplicates } from './read-near-duplicates.js'

const treatments = ['exclude', 'count'] as const

interface DuplicateFlags {
  readonly duplicates: string
  readonly pool?: string
  readonly largerSets?: boolean
}

/**
 * Checks what is to become of near-duplicates of exemplars in the pool: others, or a treatment.
 *
 * @throws AssayError `CONFIG_INVALID`, also where the pool is not the set's own
 */
export function assertDuplicateFlags({ duplicates, pool, largerSets }: DuplicateFlags): void {
  if (duplicates === 'others') return
  if (treatmentOf(duplicates) === undefined) {
    throw refusal(
      duplicates,
      `--duplicates ${duplicates} is nothing that becomes of near-duplicates.`,
      `Give one of others, ${treatments.join(', ')}.`,
    )
  }
  const other = pool === undefined ? largerSets && '--larger-sets' : '--pool'
  if (!other) return
  throw refusal(
    duplicates,
    `The set tells near-duplicates by their rows in its own pool, which ${other} does not leave as it is.`,
    `Leave out --duplicates or ${other}.`,
  )
}

/**
 * The near-duplicates that the set tells; null where they are others.
 *
 * @throws AssayError what reading them throws
 */
export async function openDuplicates(
  { folder, exemplars }: ExemplarSet,
  name: string,
): Promise<DuplicateOptions | null> {
  const treatment = treatmentOf(name)
  return treatment ? { treatment, rows: await readNearDuplicates(folder, exemplars) } : null
}

/** What became of near-duplicates of exemplars in the pool. */
export interface TreatedDuplicates {
  readonly treatment: DuplicateOptions['treatment']
  /** Exemplars that have some. */
  readonly exemplars: number
}

export const treatedDuplicates = ({ treatment, rows }: DuplicateOptions): TreatedDuplicates => ({
  treatment,
  exemplars: rows.length,
})

/** A line that says so. */
export function describeDuplicates({ treatment, exemplars }: TreatedDuplicates): string {
  const fate = treatment === 'exclude' ? 'are left out' : 'count as the exemplar'
  return `near-duplicates in the pool, which ${exemplars} of the set's exemplars have, ${fate}`
}

const treatmentOf = (name: string) => treatments.find((treatment) => treatment === name)

const refusal = (value: string, message: string, remedy: string): AssayError =>
  new AssayError({ code: 'CONFIG_INVALID', message, value, remedy })
