import { AssayError } from '@assay/core'
import { z } from 'zod'
import type { DenoiserGraph } from '../denoiser/denoiser-graph.js'
import { incompatible } from '../folder/model-errors.js'

/** What a denoiser's configuration says of its states. */
export const denoiserConfigSchema = z.looseObject({
  in_channels: z.int().positive().optional(),
  joint_attention_dim: z.int().positive().optional(),
  sample_size: z.union([z.int().positive(), z.tuple([z.int(), z.int()])]).optional(),
})

/** What a denoiser draws on. */
export interface StateForm {
  readonly channels: number
  /** Height and width where the graph fixes them, else null. */
  readonly fixed: readonly [number | null, number | null]
  /** Height and width of a picture of which none is asked for; null where nothing tells. */
  readonly usual: readonly [number | null, number | null]
  /** Pixels a side of a picture for each of the state. */
  readonly scale: number
}

/** @throws AssayError `MODEL_INCOMPATIBLE` where neither graph nor configuration tells the channels */
export function stateForm(
  { sample, file }: DenoiserGraph,
  config: z.output<typeof denoiserConfigSchema> | null,
  scale: number,
): StateForm {
  const size = (at: number) => (typeof sample.shape[at] === 'number' ? sample.shape[at] : null)
  const channels = size(1) ?? config?.in_channels
  if (channels === undefined) {
    throw incompatible({
      file,
      message: `Nothing tells how many channels ${file} takes.`,
      remedy: 'Copy the config.json of the original model beside it, with in_channels.',
    })
  }
  const usual = config?.sample_size
  const [high, wide] = typeof usual === 'number' ? [usual, usual] : (usual ?? [null, null])
  return {
    channels,
    fixed: [size(2), size(3)],
    usual: [size(2) ?? high, size(3) ?? wide],
    scale,
  }
}

/** Size of a picture in pixels, where one is asked for. */
export interface WantedSize {
  readonly width?: number
  readonly height?: number
}

/**
 * The shape of one state: channels, height, width.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a size that the model cannot draw, or that nothing tells
 */
export function stateShape(form: StateForm, { width, height }: WantedSize): number[] {
  const side = (name: string, wanted: number | undefined, axis: 0 | 1) => {
    const { fixed, usual, scale } = form
    const states = wanted === undefined ? usual[axis] : wanted / scale
    const only = fixed[axis]
    if (states !== null && Number.isInteger(states) && states > 0 && (only ?? states) === states) {
      return states
    }
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The model cannot draw pictures of ${name} ${wanted ?? '(none was given)'}.`,
      value: wanted,
      remedy:
        only === null
          ? `Ask for a ${name} that is a multiple of ${scale} pixels.`
          : `Its graph draws a ${name} of ${only * scale} pixels only.`,
    })
  }
  return [form.channels, side('height', height, 0), side('width', width, 1)]
}
