import { AssayError, type EngineSession } from '@assay/core'
import type { CardTensor } from '../card/model-card.js'

/** What a card says of a graph. */
export interface TowerDescription {
  readonly model: string
  readonly input: CardTensor
  /** Names of further inputs, which have the type and shape of `input`. */
  readonly otherInputs?: readonly { readonly name: string }[]
  readonly output: CardTensor
}

type Specification = EngineSession['inputs'][number]

/**
 * Checks that an opened graph takes and gives what its card says.
 *
 * @param inputTypes element types that this package can feed
 * @throws AssayError `MODEL_INCOMPATIBLE` with both descriptions
 */
export function assertSessionFits(
  session: EngineSession,
  { model, input, otherInputs = [], output }: TowerDescription,
  inputTypes: readonly string[],
): void {
  const named = [input, ...otherInputs.map(({ name }) => ({ ...input, name }))]
  for (const tensor of named) {
    assertTensorFits(session.inputs, { model, role: 'input', tensor, types: inputTypes })
  }
  assertTensorFits(session.outputs, { model, role: 'output', tensor: output, types: ['float32'] })
  const others = session.inputs.filter(({ name }) => named.every((tensor) => tensor.name !== name))
  if (others.length > 0) {
    const names = others.map(({ name }) => name).join(', ')
    throw incompatible(model, `also needs the inputs ${names}, which its card does not name`)
  }
}

interface Expectation {
  readonly model: string
  readonly role: 'input' | 'output'
  readonly tensor: CardTensor
  readonly types: readonly string[]
}

function assertTensorFits(
  actual: readonly Specification[],
  { model, role, tensor, types }: Expectation,
): void {
  if (!types.includes(tensor.type)) {
    const known = types.join(' or ')
    throw incompatible(
      model,
      `has an ${role} of ${tensor.type} in its card where ${known} is needed`,
    )
  }
  const found = actual.find(({ name }) => name === tensor.name)
  if (!found) {
    const names = actual.map(({ name }) => name).join(', ')
    throw incompatible(model, `has no ${role} ${tensor.name}, only ${names}`)
  }
  if (found.type !== tensor.type || !sameShape(found.shape, tensor.shape)) {
    throw incompatible(
      model,
      `has the ${role} ${describe(found)} where its card says ${describe(tensor)}`,
    )
  }
}

/** A free dimension of the graph may be narrowed by the card, never the other way round. */
const sameShape = (graph: Specification['shape'], card: CardTensor['shape']): boolean =>
  graph.length === card.length &&
  graph.every((size, axis) => typeof size === 'string' || size === card[axis])

const describe = ({
  name,
  type,
  shape,
}: {
  name: string
  type: string
  shape: readonly unknown[]
}) => `${name} ${type}[${shape.join(', ')}]`

const incompatible = (model: string, reason: string): AssayError =>
  new AssayError({
    code: 'MODEL_INCOMPATIBLE',
    message: `The model ${model} ${reason}.`,
    value: model,
    remedy: 'Correct the card, or export the model again.',
    location: { file: model },
  })
