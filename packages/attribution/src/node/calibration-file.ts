import { AssayError } from '@assay/core'
import { readJson, writeFileAtomic } from '@assay/store'
import { z } from 'zod'
import { assertCalibration, type Calibration } from '../calibration/calibration.js'

const format = 'assay.attribution.calibration'

const count = z.int().min(0)

const calibrationFile = z.strictObject({
  format: z.literal(format),
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
 * Writes a calibration as JSON, whole or not at all.
 *
 * @throws AssayError `FILE_WRITE_FAILED`, `INVALID_ARGUMENT` (b <= -1, t <= 0)
 */
export async function writeCalibration(path: string, calibration: Calibration): Promise<void> {
  assertCalibration(calibration)
  const { specificationVersion, inverseTemperature, bias, fingerprint, fittedOn } = calibration
  const document: z.infer<typeof calibrationFile> = {
    format,
    specificationVersion,
    inverseTemperature,
    bias,
    fingerprint,
    fittedOn: fittedOn && { ...fittedOn, atBounds: [...fittedOn.atBounds] },
  }
  await writeFileAtomic(path, `${JSON.stringify(document, null, 2)}\n`)
}

/**
 * Reads a calibration that `writeCalibration` wrote, and nothing else.
 *
 * @throws AssayError `UNSUPPORTED_FORMAT` (a later version), `MALFORMED_METADATA`, `INVALID_ARGUMENT`
 *   (b <= -1, t <= 0), and what `readJson` of `@assay/store` throws
 */
export async function readCalibration(path: string): Promise<Calibration> {
  const document = await readJson(path)
  assertVersion(path, document)
  const parsed = calibrationFile.safeParse(document)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.')
    throw new AssayError({
      code: 'MALFORMED_METADATA',
      message: `${path} is no calibration${place && ` at "${place}"`}: ${issue?.message}.`,
      value: issue?.input,
      remedy: 'Write the calibration again, with writeCalibration.',
      location: { file: path },
    })
  }
  assertCalibration(parsed.data)
  const { format: _, ...calibration } = parsed.data
  return calibration
}

/** Later versions may have other fields, which are then no mistake of their writer's. */
function assertVersion(path: string, document: unknown): void {
  const versioned = z.looseObject({ format: z.literal(format), specificationVersion: z.number() })
  const { success, data } = versioned.safeParse(document)
  if (!success || data.specificationVersion === 1) return
  throw new AssayError({
    code: 'UNSUPPORTED_FORMAT',
    message: `${path} is a calibration of version ${data.specificationVersion}; this reads version 1.`,
    value: data.specificationVersion,
    remedy: 'Read it with the version of Assay that wrote it, or a later one.',
    location: { file: path },
  })
}
