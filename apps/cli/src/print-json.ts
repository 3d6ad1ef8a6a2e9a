import { serializeDocument } from '@assay/audit'

/** Writes one JSON document to stdout. */
export function printJson(document: unknown): void {
  process.stdout.write(serializeDocument(document))
}
