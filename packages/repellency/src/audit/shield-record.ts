import { AssayError } from '@assay/core'
import { parseShieldEvidence } from '../evidence/parse-shield-evidence.js'
import type {
  EvidencedPicture,
  EvidencedRequest,
  ShieldEvidence,
} from '../evidence/shield-evidence.js'
import { noSpace } from '../generator/shield-space.js'
import type { RepellencyInput } from './repellency-input.js'

/** A picture of a shielded run, with the request that it belongs to. */
export interface RecordedPicture {
  readonly picture: EvidencedPicture
  readonly request: EvidencedRequest
}

/** The evidence of a shielded run, ready to be measured. */
export interface ShieldRecord {
  readonly evidence: ShieldEvidence
  readonly pictures: readonly RecordedPicture[]
  /** Outputs that it does not tell of, and files it tells of that are not among the outputs. */
  readonly untold: readonly string[]
  readonly absent: readonly string[]
  readonly level: number
}

/** Whether somebody could look how far the finished pictures of a request are from protected ones. */
export const isCompared = ({ space, references }: EvidencedRequest): boolean =>
  space !== noSpace && references > 0

/** Whether a picture, as it was saved, lies inside a shield. */
export const liesInside = ({ picture, request }: RecordedPicture): boolean =>
  picture.finishedDistance !== null && picture.finishedDistance < request.radius

/**
 * Reads the evidence that the options name; null where they name none.
 *
 * @throws AssayError `MISSING_INPUT` without the file's content; `INVALID_ARGUMENT` for evidence of other
 *   pictures; what `parseShieldEvidence` throws
 */
export function shieldRecord({ context, options }: RepellencyInput): ShieldRecord | null {
  const { evidence: file, level } = options
  if (file === undefined) return null
  const bytes = context.files.get(file)
  if (bytes === undefined) throw notHandedOver(file)
  const evidence = parseShieldEvidence(bytes, { file })
  const pictures = evidence.requests.flatMap((request) =>
    request.pictures.map((picture) => ({ picture, request })),
  )
  const { items, failures } = context.inputs.outputs
  const outputs = new Set([...items, ...failures].map(({ id }) => id))
  const told = new Set(pictures.flatMap(({ picture }) => picture.file ?? []))
  const absent = [...told].filter((id) => !outputs.has(id))
  if (told.size > 0 && absent.length === told.size) throw ofOtherPictures(file, absent)
  const untold = items.flatMap(({ id }) => (told.has(id) ? [] : id))
  return { evidence, pictures, untold, absent, level }
}

const notHandedOver = (file: string): AssayError =>
  new AssayError({
    code: 'MISSING_INPUT',
    message: `The content of ${file} was not handed over.`,
    value: file,
    remedy: "Read the files that the audit's options name.",
  })

const ofOtherPictures = (file: string, [first]: readonly string[]): AssayError =>
  new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${file} tells of ${first} and others, and of none of the outputs.`,
    value: first,
    remedy: 'Name the evidence of the run that drew the outputs.',
    location: { file },
  })
