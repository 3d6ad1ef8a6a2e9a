import { AssayError } from '@assay/core'

/**
 * @param file path of the graph
 * @param output name of its output
 * @throws AssayError `NOT_FINITE`
 */
export function assertFinite(values: Float32Array, file: string, output: string): void {
  const value = values.find((each) => !Number.isFinite(each))
  if (value === undefined) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `${file} gave ${value} as ${output}.`,
    value,
    remedy: 'Export this part in float32: in float16 some overflow.',
    location: { file },
  })
}
