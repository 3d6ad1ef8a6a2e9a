import { AssayError } from '@assay/core'
import type { FeatureMap, Weights } from './feature-map.js'
import { outputsOf, weightsOf } from './map-weights.js'

/**
 * Throws unless a map's weights have the counts that its form asks for, and are finite.
 *
 * @param side the side of the map, for messages
 * @throws AssayError `SHAPE_MISMATCH`, `NOT_FINITE`, `INVALID_ARGUMENT` (a negative variance)
 */
export function assertFeatureMap(side: string, map: FeatureMap): void {
  const { columns, outputColumns } = map
  const widths = map.form === 'mlp' ? map.layers.map(outputsOf) : [outputColumns]
  if (!isCount(columns) || !isCount(outputColumns) || widths.at(-1) !== outputColumns) {
    throw mismatch(`The ${side} map takes ${columns} columns and gives ${outputColumns}`, columns)
  }
  if (map.form === 'channel' && columns !== outputColumns) {
    throw mismatch(`The ${side} map scales ${columns} columns into ${outputColumns}`, columns)
  }
  for (const { name, values, shape } of weightsOf(map)) {
    const count = shape.reduce((product, size) => product * size, 1)
    if (values.length !== count) {
      throw mismatch(`The ${side} map has ${values.length} values for ${name}, not ${count}`, name)
    }
    const at = values.findIndex((value) => !Number.isFinite(value))
    if (at >= 0) throw notFinite(`${side} map holds ${values[at]} in ${name}`, values[at])
    if (name.endsWith('variance')) assertVariances(side, values)
  }
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 1

function assertVariances(side: string, variances: Weights): void {
  const negative = variances.find((value) => value < 0)
  if (negative === undefined) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `The ${side} map has the variance ${negative}.`,
    value: negative,
    remedy: 'Give variances of at least 0, not standard deviations of another sign.',
  })
}

const mismatch = (fault: string, value: unknown) =>
  new AssayError({
    code: 'SHAPE_MISMATCH',
    message: `${fault}.`,
    value,
    remedy: 'Give the weights of one map whole, with the lengths that its type names.',
  })

const notFinite = (fault: string, value: unknown) =>
  new AssayError({
    code: 'NOT_FINITE',
    message: `The ${fault}.`,
    value,
    remedy: 'Train the head again with a lower learning rate, or fetch its file again.',
  })
