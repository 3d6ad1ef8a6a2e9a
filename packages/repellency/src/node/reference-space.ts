import { AssayError } from '@assay/core'
import { z } from 'zod'

const count = z.int().min(1)
const affine = z.union([z.number(), z.array(z.number()).readonly()])

/** The space of references, as their file says it. */
export const referenceSpace = z.strictObject({
  channels: count,
  height: count,
  width: count,
  scale: affine,
  shift: affine,
  fingerprint: z.string().nullable(),
})

/**
 * The space that references lie in: that of a sampler's predictions. Scale and shift are part of it: the
 * same picture lies elsewhere after another, and then no shield would be where it belongs.
 */
export interface ReferenceSpace {
  readonly channels: number
  readonly height: number
  readonly width: number
  /** What an encoder's numbers are multiplied with, for all channels or one a channel. 1 for pixels. */
  readonly scale: number | readonly number[]
  /** What is taken from them before. 0 for pixels. */
  readonly shift: number | readonly number[]
  /** Which encoder, or that there is none; null where it is not known. */
  readonly fingerprint: string | null
}

/** What an encoder with one scale and shift is missing where each channel has the same. */
const same = (one: number | readonly number[], other: number | readonly number[]): boolean => {
  const [first, second] = [[one].flat(), [other].flat()] as [number[], number[]]
  const length = Math.max(first.length, second.length)
  const at = (list: number[], place: number) => (list.length === 1 ? list[0] : list[place])
  return Array.from({ length }).every((_, place) => at(first, place) === at(second, place))
}

/**
 * Throws unless references lie in the space that is asked for, as far as that is said.
 *
 * @throws AssayError `SHAPE_MISMATCH`, `FINGERPRINT_MISMATCH` (encoder, scale, shift)
 */
export function assertSpace(
  found: ReferenceSpace,
  wanted: Partial<ReferenceSpace>,
  file: string,
): void {
  for (const name of ['channels', 'height', 'width'] as const) {
    if (wanted[name] === undefined || wanted[name] === found[name]) continue
    throw mismatch('SHAPE_MISMATCH', { name, found: found[name], wanted: wanted[name], file })
  }
  for (const name of ['scale', 'shift'] as const) {
    const value = wanted[name]
    if (value === undefined || same(found[name], value)) continue
    throw mismatch('FINGERPRINT_MISMATCH', { name, found: found[name], wanted: value, file })
  }
  const { fingerprint = null } = wanted
  if (fingerprint === null || found.fingerprint === fingerprint) return
  const values = { name: 'fingerprint', found: found.fingerprint, wanted: fingerprint, file }
  throw mismatch('FINGERPRINT_MISMATCH', values)
}

function mismatch(
  code: 'SHAPE_MISMATCH' | 'FINGERPRINT_MISMATCH',
  { name, found, wanted, file }: { name: string; found: unknown; wanted: unknown; file: string },
): AssayError {
  const show = JSON.stringify
  return new AssayError({
    code,
    message: `The references of ${file} have the ${name} ${show(found)}; ${show(wanted)} is wanted.`,
    value: found,
    remedy: "Encode the pictures anew as the sampler's own latents, with its scale and shift.",
    location: { file },
  })
}
