import { AssayError } from '@assay/core'
import type { ModelFile } from './model-card.js'

/** What a user once accepted as the content of a file whose card does not tell it. */
export interface ModelPin {
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string
  readonly bytes: number
}

/** Pins of one model, by the path of the file in its card. */
export type ModelPins = ReadonlyMap<string, ModelPin>

/** What a file must be; null where neither card nor pin tells. */
export interface ExpectedFile {
  readonly path: string
  readonly bytes: number | null
  readonly sha256: string | null
}

/**
 * What a file must be, by its card and, where the card is silent, by its pin. A pin never overrules a
 * card.
 *
 * @throws AssayError `MODEL_HASH_MISMATCH` where card and pin contradict each other
 */
export function expectedFile(file: ModelFile, pin: ModelPin | undefined): ExpectedFile {
  const { path } = file
  if (pin === undefined) return file
  for (const key of ['bytes', 'sha256'] as const) {
    if (file[key] === null || file[key] === pin[key]) continue
    throw new AssayError({
      code: 'MODEL_HASH_MISMATCH',
      message: `The model file ${path} is pinned with ${key} ${pin[key]} where its card says ${file[key]}.`,
      value: path,
      remedy: 'Remove the pin: what the card says counts.',
      location: { file: path },
    })
  }
  return { path, ...pin }
}
