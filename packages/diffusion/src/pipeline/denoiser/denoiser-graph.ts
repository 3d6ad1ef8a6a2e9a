import type { EngineSession } from '@assay/core'
import { incompatible } from '../folder/model-errors.js'
import { numberTypes, type Specification } from './number-tensor.js'

/** Further inputs of a denoiser besides state, timestep and token states. */
export type ConditionForm =
  /** None: Stable Diffusion 1 and 2, and any plain text-to-image denoiser. */
  | 'states'
  /** `text_embeds` and `time_ids`: SDXL. */
  | 'states-and-size'
  /** `pooled_projections`: SD3. */
  | 'states-and-pooled'

/** A denoiser's graph with its inputs told apart. */
export interface DenoiserGraph {
  readonly session: EngineSession
  /** Path, for errors. */
  readonly file: string
  readonly form: ConditionForm
  /** Noisy pictures or latents, [batch, channels, height, width]. */
  readonly sample: Specification
  readonly timestep: Specification
  /** Token states of the prompt, [batch, tokens, width]. */
  readonly states: Specification
  /** A vector for the whole prompt, and the picture's size, where the form has them. */
  readonly pooled: Specification | null
  readonly size: Specification | null
  /** Name of the output. */
  readonly output: string
}

const outputNames = ['out_sample', 'out_hidden_states', 'sample', 'noise_pred', 'output']

/**
 * Tells the inputs of a denoiser by the names that optimum and diffusers give them.
 *
 * @throws AssayError `MODEL_INCOMPATIBLE` for an input that is missing or unknown, or a form that no
 *   known pipeline has
 */
export function readDenoiserGraph(session: EngineSession, file: string): DenoiserGraph {
  const inputs = new Map(session.inputs.map((input) => [input.name, input]))
  const take = (name: string) => {
    const input = inputs.get(name)
    inputs.delete(name)
    return input ?? null
  }
  const need = (name: string, found: Specification | null) => {
    if (found !== null) return found
    throw unknownInputs(file, session, `has no input ${name}`)
  }
  const sample = need('sample or hidden_states', take('sample') ?? take('hidden_states'))
  const timestep = need('timestep', take('timestep'))
  const states = need('encoder_hidden_states', take('encoder_hidden_states'))
  const size = take('time_ids')
  const pooled =
    size === null ? take('pooled_projections') : need('text_embeds', take('text_embeds'))
  const unknown = [...inputs.keys()]
  if (unknown.length > 0) {
    throw unknownInputs(file, session, `needs ${unknown.join(' and ')}, which is not known here`)
  }
  for (const input of [sample, timestep, states, pooled, size]) assertNumbers(file, input)
  assertFreeBatch(file, sample)
  const pooledForm = pooled === null ? 'states' : 'states-and-pooled'
  return {
    ...{ session, file, sample, timestep, states, pooled, size },
    form: size === null ? pooledForm : 'states-and-size',
    output: outputOf(session, file),
  }
}

function outputOf({ outputs }: EngineSession, file: string): string {
  const names = outputs.map(({ name }) => name)
  const name = names.length === 1 ? names[0] : outputNames.find((known) => names.includes(known))
  if (name !== undefined) return name
  throw incompatible({
    file,
    message: `${file} gives ${names.join(', ')}, none of which is known as a prediction.`,
    remedy: `Export it with one output, or with one called ${outputNames[0]}.`,
  })
}

function assertNumbers(file: string, input: Specification | null): void {
  if (input === null || numberTypes.includes(input.type)) return
  throw incompatible({
    file,
    message: `${file} takes ${input.name} as ${input.type}.`,
    remedy: `Export it with inputs of ${numberTypes.join(', ')}.`,
  })
}

function assertFreeBatch(file: string, { name, shape }: Specification): void {
  const [batch] = shape
  if (shape.length === 4 && (typeof batch === 'string' || batch === 1)) return
  throw incompatible({
    file,
    message: `${file} takes ${name} as [${shape.join(', ')}], not as [batch, channels, height, width] with a batch that is free or 1.`,
    remedy: 'Export it with a free batch; packed and video latents are not supported.',
  })
}

const unknownInputs = (file: string, { inputs }: EngineSession, what: string) =>
  incompatible({
    file,
    message: `${file} ${what}; its inputs are ${inputs.map(({ name }) => name).join(', ')}.`,
    remedy:
      'Use a model of the form of Stable Diffusion 1 or 2, SDXL or SD3; wrap any other in a `Denoiser` of your own.',
  })
