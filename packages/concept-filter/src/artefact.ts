// A filter as JSON, in any runtime; `./node` reads and writes files of it.

export { formatConceptFilter } from './artefact/format-concept-filter.js'
export {
  type ParseConceptFilterOptions,
  parseConceptFilter,
} from './artefact/parse-concept-filter.js'
