import { AssayError } from '@assay/core'
import { z } from 'zod'
import { assertCalibration, type Calibration } from '../calibration/calibration.js'

/** What a calibration's file calls itself. */
export const calibrationFormat = 'assay.attribution.calibration'

const count = z.int().min(0)

/** The file of a calibration. */
export const calibrationFile = z.strictObject({
  format: z.literal(calibrationFormat),
  specificationVersion: z.literal(1),
  inverseTemperature: z.number(),
  bias: z.number(),
  fingerprint: z.string().nullable(),
  fittedOn: z
    .strictObject({
      queries: count,
      exemplars: count,
      candidates: count,
      loss: z.number(),
      steps: count,
      converged: z.boolean(),
      atBounds: z.array(z.enum(['inverseTemperature', 'bias'])),
    })
    .nullable(),
})

/**
 * The calibration in a parsed JSON document, as `readCalibration` reads it; `file` is what errors call it.
 *
 * @throws AssayError `UNSUPPORTED_FORMAT` (a later version), `MALFORMED_METADATA`, `INVALID_ARGUMENT`
 *   (b <= -1, t <= 0)
 */
export function parseCalibration(document: unknown, file: string): Calibration {
  assertVersion(file, document)
  const parsed = calibrationFile.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.')
    throw new AssayError({
      code: 'MALFORMED_METADATA',
      message: `${file} is no calibration${place && ` at "${place}"`}: ${issue?.message}.`,
      value: issue?.input,
      remedy: 'Write the calibration again, with writeCalibration.',
      location: { file },
    })
  }
  assertCalibration(parsed.data)
  const { format: _, ...calibration } = parsed.data
  return calibration
}

/** Later versions may have other fields, which are then no mistake of their writer's. */
function assertVersion(file: string, document: unknown): void {
  const versioned = z.looseObject({
    format: z.literal(calibrationFormat),
    specificationVersion: z.number(),
  })
  const { success, data } = versioned.safeParse(document)
  if (!success || data.specificationVersion === 1) return
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${file} is a calibration of version ${data.specificationVersion}; this reads version 1.`,
    value: data.specificationVersion,
    remedy: 'Read it with the version of Assay that wrote it, or a later one.',
    location: { file },
  })
}
