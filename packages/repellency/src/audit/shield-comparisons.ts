import type { BasePicture, ShieldEvidence } from '../evidence/shield-evidence.js'
import type { RecordedPicture } from './shield-record.js'

/** A picture with the shield, and the same one without it. */
export interface ShieldComparison extends RecordedPicture {
  /** Null where it was not drawn without the shield. */
  readonly base: BasePicture | null
}

/** Pictures that are shown with and without the shield: enough to see what it does. */
const most = 12

/**
 * The pictures given out that a shield did most to: of those that met one, the 12 that came nearest to a protected
 * picture, in radii, without the shield, or in a prediction where they were not drawn without. Where none met one,
 * the nearest of those that were compared: the shield left them as they are.
 */
export function shieldComparisons({
  requests,
  base,
}: Pick<ShieldEvidence, 'requests' | 'base'>): readonly ShieldComparison[] {
  const baseOf = new Map(base?.map((picture) => [promptAndSeed(picture), picture]))
  const given = requests.flatMap((request) =>
    request.pictures
      .filter(({ file }) => file !== null)
      .map((picture) => {
        const key = promptAndSeed({ prompt: request.prompt, seed: picture.seed })
        return { picture, request, base: baseOf.get(key) ?? null }
      }),
  )
  const touched = given.filter(({ picture }) => picture.activeCalls > 0)
  const shown =
    touched.length > 0 ? touched : given.filter(({ picture }) => picture.finishedNearest)
  return shown.toSorted((one, other) => nearness(one) - nearness(other)).slice(0, most)
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
  (base?.finishedNearest?.distance ?? picture.nearest ?? picture.finishedNearest?.distance ?? 0) /
  request.radius
