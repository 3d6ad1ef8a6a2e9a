import { AssayError } from '@assay/core'
import type { FeatureMap, MlpLayer, MlpMap, Weights } from './feature-map.js'

/** The weights of a map by name, and how many of each there must be. */
export function weightsOf(map: FeatureMap): (readonly [name: string, Weights, count: number])[] {
  switch (map.form) {
    case 'linear':
      return [
        ['weight', map.weight, map.outputColumns * map.columns],
        ['bias', map.bias, map.outputColumns],
      ]
    case 'channel':
      return [['scale', map.scale, map.columns]]
    case 'mlp':
      return map.layers.flatMap((layer, at) => weightsOfLayer(map, layer, at))
  }
}

/** Numbers that come out of a layer. */
export const outputsOf = ({ mean }: Pick<MlpLayer, 'mean'>): number => mean.length

function weightsOfLayer({ columns, layers }: MlpMap, layer: MlpLayer, at: number) {
  const before = layers[at - 1]
  const outputs = outputsOf(layer)
  const named = (name: string, weights: Weights, count = outputs) =>
    [`layers.${at}.${name}`, weights, count] as const
  return [
    named('weight', layer.weight, outputs * (before ? outputsOf(before) : columns)),
    named('mean', layer.mean),
    named('variance', layer.variance),
    ...(layer.scale ? [named('scale', layer.scale)] : []),
    ...(layer.shift ? [named('shift', layer.shift)] : []),
  ]
}

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
  for (const [name, weights, count] of weightsOf(map)) {
    if (weights.length !== count) {
      throw mismatch(`The ${side} map has ${weights.length} values for ${name}, not ${count}`, name)
    }
    const at = weights.findIndex((value) => !Number.isFinite(value))
    if (at >= 0) throw notFinite(`${side} map holds ${weights[at]} in ${name}`, weights[at])
    if (name.endsWith('variance')) assertVariances(side, weights)
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
