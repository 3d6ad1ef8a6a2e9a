import { assertShieldOptions } from './assert-shield-options.js'
import type { ShieldOptions } from './shield.js'

/** How pictures of one prompt are kept apart. */
export type DiversifyOptions = Omit<ShieldOptions, 'apart'>

/** A shield that makes the pictures of a prompt differ, and promises nothing. */
export interface Diversification extends ShieldOptions {
  readonly preset: 'diversify'
  readonly apart: true
}

/**
 * Settings of a shield that keeps the pictures of a prompt apart, those of a batch and those drawn before,
 * which `shieldGenerator` keeps in a bank. Quality comes first: plain form, unless `strict` is asked for.
 *
 * @throws AssayError `INVALID_ARGUMENT`
 */
export function diversify(options: DiversifyOptions): Diversification {
  assertShieldOptions(options)
  return { overcompensation: 1.6, ...options, preset: 'diversify', apart: true }
}
