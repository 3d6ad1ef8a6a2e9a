import type { BasePicture, ShieldEvidence } from '../evidence/shield-evidence.js'
import type { RecordedPicture } from './shield-record.js'

/** A picture that met a shield, and the same one without it. */
export interface ShieldComparison extends RecordedPicture {
  /** Null where it was not drawn without the shield. */
  readonly base: BasePicture | null
}

/** Pictures that are shown with and without the shield: enough to see what it does. */
const most = 12

/**
 * The pictures given out that a shield did most to: those of them that met one which came nearest to a protected
 * picture, in radii, without the shield, or in a prediction where they were not drawn without. At most 12.
 */
export function shieldComparisons({
  requests,
  base,
}: Pick<ShieldEvidence, 'requests' | 'base'>): readonly ShieldComparison[] {
  const baseOf = new Map(base?.map((picture) => [promptAndSeed(picture), picture]))
  return requests
    .flatMap((request) =>
      request.pictures.map((picture) => {
        const key = promptAndSeed({ prompt: request.prompt, seed: picture.seed })
        return { picture, request, base: baseOf.get(key) ?? null }
      }),
    )
    .filter(({ picture: { file, activeCalls } }) => file !== null && activeCalls > 0)
    .toSorted((one, other) => nearness(one) - nearness(other))
    .slice(0, most)
}

/** What a picture with a shield and the same one without have in common. */
export const promptAndSeed = ({
  prompt,
  seed,
}: {
  readonly prompt: string
  readonly seed: number
}): string => JSON.stringify([prompt, seed])

const nearness = ({ picture, request, base }: ShieldComparison): number =>
  (base?.finishedNearest?.distance ?? picture.nearest ?? 0) / request.radius
