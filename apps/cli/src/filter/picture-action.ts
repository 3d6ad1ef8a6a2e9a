import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PictureAction, RgbColour } from '@assay/concept-filter'
import { AssayError } from '@assay/core'
import { decodeImage } from '@assay/embed'

/** Flags that say what is done with flagged pictures. */
export interface ActionFlags {
  readonly action: string
  readonly replacement: string
}

const kinds = ['report', 'replace', 'blur', 'throw'] as const

/**
 * The action that flags mean.
 *
 * @throws AssayError `CONFIG_INVALID`, and what decoding the replacement throws
 */
export async function pictureAction({ action, replacement }: ActionFlags): Promise<PictureAction> {
  const kind = kinds.find((each) => each === action)
  if (kind === undefined) {
    throw new AssayError({
      code: 'CONFIG_INVALID',
      message: `--action ${action} is nothing that can be done with a picture.`,
      value: action,
      remedy: `Give one of ${kinds.join(', ')}.`,
    })
  }
  if (kind !== 'replace') return { kind }
  return { kind, by: colourOf(replacement) ?? (await pictureOf(replacement)) }
}

/** `#808080`. */
function colourOf(text: string): RgbColour | null {
  const [, red, green, blue] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text) ?? []
  const level = (digits = '') => Number.parseInt(digits, 16)
  return blue === undefined ? null : [level(red), level(green), level(blue)]
}

const pictureOf = async (path: string) =>
  decodeImage(new Uint8Array(await readPicture(path)), { name: path })

async function readPicture(path: string): Promise<Uint8Array> {
  return readFile(resolve(path)).catch((cause: unknown) => {
    throw new AssayError({
      code: 'FILE_MISSING',
      message: `The replacement ${path} cannot be read.`,
      value: path,
      remedy: 'Name a picture, or a colour as #808080.',
      location: { file: path },
      cause,
    })
  })
}
