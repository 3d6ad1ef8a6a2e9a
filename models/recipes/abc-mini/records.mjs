// Results of the drawing as rows: the pictures, and the splits in the form of the attribution paper.
import { grouped } from './grouped.mjs'

/** Shares below this are left out of a row; those of exemplars only where four decimals are 0. */
const TOLD_SHARE = 0.02
/** Where the tuned models stand: their exemplars are those of models on one picture. */
const TUNED = 'tuned'

/** One row a picture of the composer, with its pixels beside it. */
export function composerRows(models, results) {
  return models.flatMap((model) => {
    const own = new Set(model.exemplars.map(({ id }) => id))
    return model.pictures.map(({ type, prompt, seed, mass }, at) => {
      const { weight, shares, without, pixels } = results.get(model.id)[at]
      const told = shares
        .filter(([id, share]) => share >= TOLD_SHARE || own.has(id))
        .map(([id, share]) => [id, Number(share.toFixed(4))])
        .filter(([, share]) => share > 0)
      const exemplarShare = shares.reduce((sum, [id, share]) => sum + (own.has(id) ? share : 0), 0)
      const row = {
        ...{ id: `composer/${model.id}/${at}`, model: model.id, type, prompt, seed, mass, weight },
        exemplarShare: Number(Math.min(exemplarShare, 1).toPrecision(4)),
        shares: told,
        ...(without.length > 0 && { counterfactuals: without }),
      }
      return { row, pixels }
    })
  })
}

/** One row a picture of the customised tiny diffusion. */
export function tunedRows(tuned) {
  return tuned.flatMap(({ customisedAs, pictures }) =>
    pictures.map(({ pixels, ...told }, at) => {
      const model = `${TUNED}-${customisedAs}`
      return { row: { id: `${TUNED}/${customisedAs}/${at}`, model, ...told }, pixels }
    }),
  )
}

/** Lists of models by the name of their file, each with its exemplars and its pictures by type. */
export function splitsOf(models, rows, tuned) {
  const byModel = grouped(rows, ({ row }) => row.model)
  const splits = new Map()
  const add = (name, model, id) => {
    const list = splits.get(name) ?? []
    splits.set(name, list)
    const synth = grouped(byModel.get(id) ?? [], ({ row }) => row.type)
    const [first] = model.exemplars
    list.push({
      model: id,
      exemplar: model.exemplars.map((exemplar) => exemplar.id),
      synth: Object.fromEntries(
        [...synth].map(([type, of]) => [type, of.map(({ row }) => row.id)]),
      ),
      class_id: model.kind === 'object' ? first.concept : first.drawnIn,
      category: model.category,
      ...(id === model.id && { composedOf: model.composedOf }),
    })
  }
  const names = new Map(models.map((model) => [model.id, model]))
  for (const model of models) add(splitName(model), model, model.id)
  for (const { customisedAs } of tuned) {
    const model = names.get(customisedAs)
    add(`${model.split}_${TUNED}`, model, `${TUNED}-${customisedAs}`)
  }
  return splits
}

const splitName = ({ kind, split, exemplars }) =>
  kind === 'set' ? `${split}_set_${exemplars.length}` : `${split}_${kind}`
