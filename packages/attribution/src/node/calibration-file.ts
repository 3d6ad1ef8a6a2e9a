import { readJson, writeFileAtomic } from '@assay/store'
import type { z } from 'zod'
import { assertCalibration, type Calibration } from '../calibration/calibration.js'
import { type calibrationFile, calibrationFormat, parseCalibration } from './parse-calibration.js'

/**
 * Writes a calibration as JSON, whole or not at all.
 *
 * @throws AssayError `FILE_WRITE_FAILED`, `INVALID_ARGUMENT` (b <= -1, t <= 0)
 */
export async function writeCalibration(path: string, calibration: Calibration): Promise<void> {
  assertCalibration(calibration)
  const { specificationVersion, inverseTemperature, bias, fingerprint, fittedOn } = calibration
  const document: z.infer<typeof calibrationFile> = {
    format: calibrationFormat,
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
  return parseCalibration(await readJson(path), path)
}
