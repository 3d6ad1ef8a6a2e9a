import { parseJson } from '@assay/core/formats'

/** A text in quotes, or -Infinity outside of one, which Python writes and JSON does not know. */
const textOrInfinity = /"(?:[^"\\]|\\.)*"|-Infinity/g

/**
 * The value of a `scheduler_config.json`. Python writes -Infinity into some: it becomes null here,
 * which means the same for the key that has it, `lambda_min_clipped`.
 *
 * @param options.file path, for errors
 * @throws AssayError `MALFORMED_JSON`
 */
export const parseSchedulerConfig = (
  text: string,
  options: { readonly file?: string } = {},
): unknown =>
  parseJson(
    text.replace(textOrInfinity, (found) => (found === '-Infinity' ? 'null' : found)),
    options,
  )
