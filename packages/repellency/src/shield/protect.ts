import type { ShieldReferences } from '../references/shield-references.js'
import { assertOption, assertShieldOptions } from './assert-shield-options.js'
import type { ShieldOptions } from './shield.js'

/** What pictures are protected, and how. */
export interface ProtectOptions
  extends Pick<ShieldOptions, 'radius' | 'overcompensation' | 'margin' | 'box'> {
  /** The protected pictures, in the space that the sampler works in. */
  readonly references: ShieldReferences
}

/** A shield that promises something: strict, at every model call. */
export interface Protection extends ProtectOptions {
  readonly preset: 'protect'
  readonly strict: true
}

/**
 * Settings of a shield that lets no prediction into a ball around a protected picture: strict form, exact
 * search, at every model call. There is no window, as a shield that ends early promises nothing.
 *
 * @throws AssayError `INVALID_ARGUMENT`, also for `strict: false`, `apart` and `window`
 */
export function protect(options: ProtectOptions): Protection {
  const { radius, references, overcompensation = 1.6, margin, box } = options
  const { strict, window, apart } = options as Partial<ShieldOptions>
  const remedy = 'Leave it out: `protect` is strict at every model call. Or use `createShield`.'
  assertOption(strict !== false, 'strict form', strict, remedy)
  assertOption(window === undefined, 'window', window, remedy)
  assertOption(apart !== true, 'form that keeps a batch apart', apart, remedy)
  assertOption(
    references !== undefined,
    'references',
    references,
    'Give the pictures to protect, for instance by `referencesInMemory`.',
  )
  const protection: Protection = {
    preset: 'protect',
    strict: true,
    ...{ radius, references, overcompensation },
    ...(margin !== undefined && { margin }),
    ...(box !== undefined && { box }),
  }
  assertShieldOptions(protection)
  return protection
}
