import type { ItemFailure } from '@assay/core'
import { printable } from './table.js'

/** Tells on stderr which items failed, a line each. */
export function tellFailures(failures: readonly ItemFailure[]): void {
  for (const { id, message } of failures) {
    process.stderr.write(`${printable(id)}: ${printable(message)}\n`)
  }
}
