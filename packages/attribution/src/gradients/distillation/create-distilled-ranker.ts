import { AssayError } from '@assay/core'
import type { HeadExpectations } from '../../head/attribution-head.js'
import { contentHash } from '../../head/content-hash.js'
import type { DenseLayer, DistilledRanker } from './distilled-ranker.js'

/** What a ranker is made from. Arrays are kept, not copied. */
export interface DistilledRankerParts
  extends Omit<DistilledRanker, 'specificationVersion' | 'fingerprint' | 'expects'> {
  /** What it was taught on. `columns` is that of the first layer. */
  readonly expects: Pick<HeadExpectations, 'normalized' | 'fingerprint'>
}

/**
 * A ranker from its parts, checked and fingerprinted.
 *
 * @throws AssayError `EMPTY_INPUT` (no layer), `SHAPE_MISMATCH` (weights that do not fit), `NOT_FINITE`
 */
export async function createDistilledRanker(parts: DistilledRankerParts): Promise<DistilledRanker> {
  const columns = assertLayers(parts)
  const { inputNormalization, layers, scale, offset, expects: of } = parts
  const { normalized, fingerprint } = of
  const arrays = [
    ...layers.flatMap(({ weight, bias }) => [weight, bias]),
    ...(inputNormalization ? [inputNormalization.scale, inputNormalization.shift] : []),
    Float64Array.of(scale, offset),
  ]
  arrays.forEach(assertFiniteValues)
  const sizes = [columns, ...layers.map(({ outputs }) => outputs)]
  const description = [normalized, fingerprint, inputNormalization !== null, sizes]
  const hash = await contentHash([JSON.stringify(description), ...arrays])
  return {
    specificationVersion: 1,
    expects: { columns, normalized, fingerprint },
    inputNormalization,
    layers,
    scale,
    offset,
    fingerprint: `distilled-ranker:${hash}`,
  }
}

/** Returns the features that the first layer takes. */
function assertLayers({ layers, inputNormalization }: DistilledRankerParts): number {
  const [first] = layers
  if (!first) {
    throw new AssayError({
      code: 'EMPTY_INPUT',
      message: 'A ranker has no layer.',
      value: 0,
      remedy: 'Give at least one layer.',
    })
  }
  let inputs = first.inputs
  const { scale, shift } = inputNormalization ?? {}
  const fits =
    [scale ?? first, shift ?? first].every((part) =>
      'length' in part ? part.length === inputs : true,
    ) &&
    layers.every((layer) => {
      const follows = layer.inputs === inputs
      inputs = layer.outputs
      return follows && isFilled(layer)
    })
  if (fits) return first.inputs
  throw new AssayError({
    code: 'SHAPE_MISMATCH',
    message: 'The layers of a ranker do not fit each other or their weights.',
    value: layers.map(({ inputs: from, outputs: to }) => [from, to]),
    remedy:
      'Give each layer `outputs * inputs` weights, and as many inputs as the one before has outputs.',
  })
}

const isFilled = ({ inputs, outputs, weight, bias }: DenseLayer): boolean =>
  inputs > 0 && outputs > 0 && weight.length === inputs * outputs && bias.length === outputs

function assertFiniteValues(values: Float32Array | Float64Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `A weight of the ranker is ${values[at]}.`,
    value: values[at],
    remedy: 'Train it again with a smaller learning rate, or fetch the file again.',
  })
}
