import type { WorldBlock } from '../../__fixtures__/synthetic-world.js'
import type { TunedModel } from '../../evaluation/tuned-model.js'

/** The models of a block, their pictures by row. */
export function worldModels(block: WorldBlock): TunedModel[] {
  const { models, exemplarsPerModel, queriesPerModel } = block
  const rowsOf = (model: number, count: number) =>
    Array.from({ length: count }, (_, at) => model * count + at)
  return Array.from({ length: models }, (_, model) => ({
    id: `model ${model}`,
    exemplars: rowsOf(model, exemplarsPerModel),
    queries: { drawn: rowsOf(model, queriesPerModel) },
  }))
}
