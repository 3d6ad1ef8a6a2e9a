import { AssayError, type Tensor } from '@assay/core'
import { decodeFloat16 } from '@assay/core/formats'
import type { HeadSide } from '../../head/attribution-head.js'
import type { FeatureMap, Weights } from '../../head/feature-map.js'
import { mapFromWeights, weightsOf } from '../../head/map-weights.js'
import { malformedHead, sidePrefixes } from './head-file-form.js'

type Tensors = ReadonlyMap<string, Tensor>

/** What maps are read from. */
export interface HeadMapsOptions {
  /** Path of the file, for errors. */
  readonly path: string
  readonly tensors: Tensors
  readonly form: FeatureMap['form']
  /** Whether a file without tensors of the synthetic side holds a shared head. */
  readonly mayBeShared: boolean
}

/**
 * The maps that tensors hold; the synthetic one is left out of a shared head.
 *
 * @throws AssayError `MALFORMED_SAFETENSORS` for missing, unknown or misshapen tensors
 */
export function headMaps(options: HeadMapsOptions): {
  readonly real: FeatureMap
  readonly synthetic?: FeatureMap
} {
  const { path, tensors, mayBeShared } = options
  const names = [...tensors.keys()]
  const unknown = names.find((name) => !isOf('real', name) && !isOf('synthetic', name))
  if (unknown !== undefined) {
    throw malformedHead(path, `it holds a tensor ${JSON.stringify(unknown)} of neither map`)
  }
  const real = mapOf('real', options)
  const isShared = mayBeShared && !names.some((name) => isOf('synthetic', name))
  return isShared ? { real } : { real, synthetic: mapOf('synthetic', options) }
}

const isOf = (side: HeadSide, name: string) => name.startsWith(sidePrefixes[side])

function mapOf(side: HeadSide, { path, tensors, form }: HeadMapsOptions): FeatureMap {
  const prefix = sidePrefixes[side]
  const own = [...tensors].filter(([name]) => isOf(side, name))
  const named = own.map(([name, tensor]) => [name.slice(prefix.length), tensor] as const)
  const weights = named.map(([name, tensor]) => [name, weightsIn(path, name, tensor)] as const)
  const map = readMap(path, form, new Map(weights))
  const shapes = new Map(weightsOf(map).map(({ name, shape }) => [name, shape]))
  for (const [name, { dims }] of named) {
    const shape = shapes.get(name)
    if (shape?.join() === dims.join()) continue
    const wanted = shape ? `[${shape.join(', ')}]` : 'left out'
    const reason = `${prefix}${name} is [${dims.join(', ')}] where it should be ${wanted}`
    throw malformedHead(path, reason)
  }
  return map
}

function readMap(
  path: string,
  form: FeatureMap['form'],
  weights: ReadonlyMap<string, Weights>,
): FeatureMap {
  try {
    return mapFromWeights(form, weights)
  } catch (cause) {
    if (!AssayError.isInstance(cause)) throw cause
    throw malformedHead(path, `of a ${form} map it lacks ${cause.value}`, { cause })
  }
}

function weightsIn(path: string, name: string, { type, data }: Tensor): Weights {
  switch (type) {
    case 'float32':
    case 'float64':
      return data
    case 'float16':
      return decodeFloat16(data)
    default:
      throw malformedHead(path, `${name} is of type ${type}`)
  }
}
