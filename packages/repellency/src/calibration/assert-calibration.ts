import { AssayError, type Matrix } from '@assay/core'
import { assertRadius } from '../kernel/assert-radius.js'
import type { ShieldReferences } from '../references/shield-references.js'
import type { CalibrateRadiusOptions } from './calibrate-radius.js'

const refusal = (message: string, value: unknown, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

/** @throws AssayError `INVALID_ARGUMENT` */
export function assertCalibration(options: CalibrateRadiusOptions): void {
  const { quantile, radius, maximumInside = 0.5 } = options
  if ((quantile === undefined) === (radius === undefined)) {
    throw refusal(
      'A radius is calibrated by a quantile, or judged as it is given.',
      { quantile, radius },
      'Give `quantile` or `radius`, and not both.',
    )
  }
  if (quantile !== undefined && !(quantile > 0 && quantile < 1)) {
    throw refusal(
      `There is no quantile ${quantile}.`,
      quantile,
      'Give a number between 0 and 1, for instance 0.05.',
    )
  }
  if (!(maximumInside >= 0 && maximumInside <= 1)) {
    throw refusal(
      `The largest share inside cannot be ${maximumInside}.`,
      maximumInside,
      'Give a number from 0 to 1.',
    )
  }
}

/** @throws AssayError `EMPTY_INPUT` */
export function assertEnough(outputs: Matrix, references: ShieldReferences | undefined): void {
  if (outputs.rows >= 2 && references?.size !== 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: `A radius cannot be calibrated on ${outputs.rows} outputs and ${references?.size ?? 'no'} references.`,
    value: outputs.rows,
    remedy: 'Draw at least two pictures without a shield, better a hundred, and give a reference.',
  })
}

/** @throws AssayError `INVALID_ARGUMENT` */
export function assertCalibrated(radius: number, quantile: number | null): void {
  if (radius > 0 || quantile === null) {
    assertRadius(radius)
    return
  }
  throw refusal(
    `The distances' quantile ${quantile} is 0: the generator copies.`,
    radius,
    'Calibrate on pairs of the protected pictures instead: give them as `outputs`, without references.',
  )
}

/**
 * What to warn of where a cover was forced.
 *
 * @throws AssayError `INVALID_ARGUMENT` where shields cover too many of the outputs
 */
export function assertNotCovered(
  inside: number,
  { maximumInside = 0.5, force = false }: CalibrateRadiusOptions,
): readonly string[] {
  if (inside <= maximumInside) return []
  const message = `The shields cover ${(100 * inside).toFixed(1)} % of what is drawn, more than ${100 * maximumInside} %.`
  if (force) return [message]
  throw refusal(message, inside, 'Choose a smaller radius or quantile, or force it.')
}
