import type { ImageGenerator } from '@assay/core'
import type { FinishedPicture, RequestEvidence } from '../generator/shielded-generator.js'
import type { BasePicture, EvidencedPicture, ShieldEvidence } from './shield-evidence.js'

/** What evidence is made from. */
export interface ShieldEvidenceOptions {
  /** The shielded generator; only its names are kept. */
  readonly generator: Pick<ImageGenerator, 'id' | 'fingerprint'>
  /** The `evidence` of the shielded generator, or of several runs of it. */
  readonly requests: readonly RequestEvidence[]
  /** File of a picture that was given out, within the folder of outputs. */
  fileOf(picture: { readonly prompt: string; readonly seed: number }): string
  /** Name of a protected picture by its row. Default: none has a name. */
  referenceOf?(row: number): string | null
  /** Pictures of the generator without the shield, to compare with. Default: none. */
  readonly base?: readonly BasePicture[]
}

/** The evidence of a shielded run as a JSON document, for a file beside its pictures. */
export function shieldEvidence(options: ShieldEvidenceOptions): ShieldEvidence {
  const { generator, requests, base = null } = options
  return {
    format: 'assay.repellency.evidence',
    specificationVersion: 1,
    generator: { id: generator.id, fingerprint: generator.fingerprint },
    requests: requests.map(({ calls, pictures, ...request }) => ({
      ...request,
      calls: calls.map((call) => ({
        ...call,
        relativeCorrection: Number.isFinite(call.relativeCorrection)
          ? call.relativeCorrection
          : null,
      })),
      pictures: pictures.map((picture) => evidencedPicture(picture, request, options)),
    })),
    base,
  }
}

/** Rows from the number of protected pictures on are of the bank and of the batch, which have no names. */
function evidencedPicture(
  { met, ...picture }: FinishedPicture,
  { prompt, references }: Pick<RequestEvidence, 'prompt' | 'references'>,
  { fileOf, referenceOf = () => null }: ShieldEvidenceOptions,
): EvidencedPicture {
  const { seed, outcome } = picture
  return {
    ...picture,
    file: outcome === 'image' ? fileOf({ prompt, seed }) : null,
    met: met.map(({ row, distance }) => ({
      reference: row < references ? referenceOf(row) : null,
      distance,
    })),
  }
}
