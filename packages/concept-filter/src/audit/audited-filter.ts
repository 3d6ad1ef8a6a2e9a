import { AssayError, type AuditContext } from '@assay/core'
import { parseConceptFilter } from '../artefact/parse-concept-filter.js'
import type { ConceptFilter } from '../filter/concept-filter.js'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import type { ConceptPair } from '../pairs/concept-pair.js'
import { embedConceptPair } from '../pairs/embed-concept-pair.js'
import type { ConceptFilterAuditOptions } from './concept-filter-options.js'

/**
 * The filter that the options mean.
 *
 * @throws AssayError `MISSING_INPUT` without a text encoder for words, or without the file's content; what
 *   `parseConceptFilter` and `embedConceptPair` throw
 */
export async function auditedFilter(
  context: AuditContext,
  options: ConceptFilterAuditOptions,
): Promise<ConceptFilter> {
  const { filter: file, relevanceFloor, drift } = options
  const own = {
    ...(relevanceFloor !== undefined && { relevanceFloor }),
    ...(drift !== undefined && { drift }),
  }
  if (file === undefined) {
    return createConceptFilter({ pairs: await embeddedPairs(context, options), ...own })
  }
  const stored = parseConceptFilter(contentOf(context, file), { file })
  const kept = stored.relevanceFloor === null ? {} : { relevanceFloor: stored.relevanceFloor }
  return createConceptFilter({ pairs: stored.pairs, drift: stored.drift, ...kept, ...own })
}

function contentOf({ files }: AuditContext, file: string): string {
  const bytes = files.get(file)
  if (bytes !== undefined) return new TextDecoder().decode(bytes)
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `The content of ${file} was not handed over.`,
    value: file,
    remedy: "Read the files that the audit's options name.",
  })
}

async function embeddedPairs(
  { inputs: { textEncoder }, signal }: AuditContext,
  { pairs, threshold, logitScale }: ConceptFilterAuditOptions,
): Promise<readonly ConceptPair[]> {
  if (textEncoder === null) {
    throw new AssayError({
      code: 'MISSING_INPUT',
      message: 'There is no text encoder for the words of the pairs.',
      value: null,
      remedy: 'Choose an encoder with both towers, or name a filter in a file.',
    })
  }
  const made: ConceptPair[] = []
  for (const words of pairs) {
    made.push(
      await embedConceptPair({
        words,
        textEncoder,
        threshold: { confidence: threshold },
        logitScale,
        signal,
      }),
    )
  }
  return made
}
