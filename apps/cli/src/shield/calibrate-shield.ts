import { selectRows } from '@assay/core'
import { calibrateRadius, type RadiusCalibration } from '@assay/repellency'
import type { BaseVectors } from './base-vectors.js'
import type { ProtectedPictures } from './protected-pictures.js'

/** How a radius is found, or judged. */
export interface CalibrationSettings {
  /** Share of distances within the radius; or a radius to be judged. */
  readonly by: { readonly quantile: number } | { readonly radius: number }
  /** Whether a radius that covers half of what is drawn is given back all the same. */
  readonly force?: boolean
  readonly signal: AbortSignal
}

/**
 * The radius of shields around protected pictures, from how near outputs come to them; intervals treat pictures
 * of one prompt as one cluster.
 */
export function calibrateProtection(
  { vectors: outputs, prompts }: BaseVectors,
  { references }: ProtectedPictures,
  { by, force = false, signal }: CalibrationSettings,
): Promise<RadiusCalibration> {
  // Pictures of which no prompt is known count as drawn by themselves.
  const clusters = prompts.map((prompt, row) => prompt || `picture ${row}`)
  return calibrateRadius({ outputs, clusters, references, ...by, force, signal })
}

/** A radius of keeping apart, with that of each prompt. */
export interface DiversityCalibration {
  /** Median over prompts. */
  readonly radius: number
  readonly prompts: readonly { readonly prompt: string; readonly calibration: RadiusCalibration }[]
}

/**
 * The radius at which the pictures of a prompt are kept apart: for each prompt from the distances of its own
 * pairs, as pictures of two prompts differ anyway, and of these the median.
 */
export async function calibrateDiversity(
  { vectors, prompts }: BaseVectors,
  { by, signal }: CalibrationSettings,
): Promise<DiversityCalibration> {
  const calibrations = []
  for (const prompt of new Set(prompts)) {
    const rows = prompts.flatMap((each, row) => (each === prompt ? [row] : []))
    const outputs = selectRows(vectors, rows)
    calibrations.push({ prompt, calibration: await calibrateRadius({ outputs, ...by, signal }) })
  }
  const radii = calibrations.map(({ calibration }) => calibration.radius).sort((a, b) => a - b)
  const [low = 0, high = 0] = [
    radii[Math.floor((radii.length - 1) / 2)],
    radii[Math.floor(radii.length / 2)],
  ]
  return { radius: (low + high) / 2, prompts: calibrations }
}
