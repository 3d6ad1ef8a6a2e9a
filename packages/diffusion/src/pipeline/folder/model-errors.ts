import { AssayError } from '@assay/core'

/** What is wrong with a part of a pipeline, and what to do. */
interface PartFault {
  /** Where, for instance `unet/model.onnx`. */
  readonly file: string
  /** What happened, as one sentence. */
  readonly message: string
  readonly remedy: string
  readonly value?: unknown
  readonly cause?: unknown
}

/** A part that is there but cannot be used. */
export const incompatible = ({ file, ...fault }: PartFault): AssayError =>
  new AssayError({ code: 'MODEL_INCOMPATIBLE', value: file, location: { file }, ...fault })

/** A part that is not there. */
export const missing = ({ file, ...fault }: PartFault): AssayError =>
  new AssayError({ code: 'MODEL_FILE_MISSING', value: file, location: { file }, ...fault })

/** A file that is not what it should be. */
export const changed = (file: string, reason: string): AssayError =>
  new AssayError({
    code: 'MODEL_HASH_MISMATCH',
    message: `The model file ${file} ${reason}. It is not used.`,
    value: file,
    remedy: 'Install the model again from its source; do not use this file.',
    location: { file },
  })
