import { AssayError } from '@assay/core'
import type { FeatureMap, MlpLayer, MlpMap, Weights } from './feature-map.js'

/** One tensor of a map. */
export interface NamedWeights {
  /** For instance `weight`, or `layers.0.mean`. */
  readonly name: string
  readonly values: Weights
  /** The shape that it must have. */
  readonly shape: readonly number[]
}

/** Numbers that come out of a layer. */
export const outputsOf = ({ mean }: Pick<MlpLayer, 'mean'>): number => mean.length

/** The weights of a map by name, always in the same order. */
export function weightsOf(map: FeatureMap): NamedWeights[] {
  const { columns, outputColumns } = map
  switch (map.form) {
    case 'linear':
      return [
        { name: 'weight', values: map.weight, shape: [outputColumns, columns] },
        { name: 'bias', values: map.bias, shape: [outputColumns] },
      ]
    case 'channel':
      return [{ name: 'scale', values: map.scale, shape: [columns] }]
    case 'mlp':
      return map.layers.flatMap((layer, at) => weightsOfLayer(map, layer, at))
  }
}

function weightsOfLayer({ columns, layers }: MlpMap, layer: MlpLayer, at: number): NamedWeights[] {
  const before = layers[at - 1]
  const outputs = outputsOf(layer)
  const named = (name: string, values: Weights | null, shape: readonly number[] = [outputs]) =>
    values ? [{ name: `layers.${at}.${name}`, values, shape }] : []
  return [
    ...named('weight', layer.weight, [outputs, before ? outputsOf(before) : columns]),
    ...named('mean', layer.mean),
    ...named('variance', layer.variance),
    ...named('scale', layer.scale),
    ...named('shift', layer.shift),
  ]
}

/**
 * A map from its weights by name, the inverse of `weightsOf`. Counts are checked by `assertFeatureMap`.
 *
 * @throws AssayError `MISSING_INPUT` where one is missing
 */
export function mapFromWeights(
  form: FeatureMap['form'],
  weights: ReadonlyMap<string, Weights>,
): FeatureMap {
  const named = (name: string) => weights.get(name) ?? missing(name)
  switch (form) {
    case 'linear': {
      const [weight, bias] = [named('weight'), named('bias')]
      return {
        form,
        columns: weight.length / bias.length,
        outputColumns: bias.length,
        weight,
        bias,
      }
    }
    case 'channel': {
      const scale = named('scale')
      return { form, columns: scale.length, outputColumns: scale.length, scale }
    }
    case 'mlp':
      return mlpFromWeights(weights, named)
  }
}

function mlpFromWeights(
  weights: ReadonlyMap<string, Weights>,
  named: (name: string) => Weights,
): MlpMap {
  const layers: MlpLayer[] = []
  do {
    const prefix = `layers.${layers.length}`
    layers.push({
      weight: named(`${prefix}.weight`),
      mean: named(`${prefix}.mean`),
      variance: named(`${prefix}.variance`),
      scale: weights.get(`${prefix}.scale`) ?? null,
      shift: weights.get(`${prefix}.shift`) ?? null,
    })
  } while (weights.has(`layers.${layers.length}.weight`))
  const [first, last] = [layers[0]!, layers.at(-1)!]
  const columns = first.weight.length / outputsOf(first)
  return { form: 'mlp', columns, outputColumns: outputsOf(last), layers }
}

function missing(name: string): never {
  throw new AssayError({
    code: 'MISSING_INPUT',
    message: `A map lacks its ${name}.`,
    value: name,
    remedy: 'Give all weights of its form.',
  })
}
