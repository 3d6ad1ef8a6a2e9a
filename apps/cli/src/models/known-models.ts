import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AssayError } from '@assay/core'
import { type InstalledModel, listModels, loadModelCard, type ModelCard } from '@assay/embed'
import { places } from '../places.js'

/**
 * How a model can be had: it comes with Assay, was pulled, can be pulled, or must be converted, since
 * nobody publishes it in ONNX.
 */
export type ModelState = 'built-in' | 'pulled' | 'pullable' | 'to be converted'

/** A model that Assay knows of. */
export interface KnownModel extends InstalledModel {
  readonly state: ModelState
}

/** All models that Assay knows of: those on this machine first. */
export async function knownModels(): Promise<readonly KnownModel[]> {
  const { models, pulled, cards } = places()
  const here: KnownModel[] = []
  for (const root of models) {
    const state = root === pulled ? 'pulled' : 'built-in'
    here.push(...(await listModels([root])).map((model) => ({ ...model, state }) as const))
  }
  const ids = new Set(here.map(({ card }) => card.id))
  const others = (await listModels([cards])).filter(({ card }) => !ids.has(card.id))
  const state = ({ card }: InstalledModel) =>
    card.repository === null ? ('to be converted' as const) : ('pullable' as const)
  return [...here, ...others.map((model) => ({ ...model, state: state(model) }))]
}

/**
 * The card of a model that may be pulled: one that comes with Assay, by its id, or one of the user's own,
 * by the folder that holds it. Of a model that was pulled, the card that comes with Assay counts, which
 * may be a newer one.
 *
 * @throws AssayError `MODEL_UNKNOWN`
 */
export async function findCard(name: string): Promise<ModelCard> {
  const { cards, pulled } = places()
  const models = await listModels([cards, pulled])
  const known = models.find(({ card }) => card.id === name)
  if (known) return known.card
  if (existsSync(join(resolve(name), 'card.json'))) return loadModelCard(resolve(name))
  const ids = (await knownModels()).map(({ card }) => card.id)
  throw unknownModel(name, ids)
}

/** What to throw where no model has a name. */
export const unknownModel = (name: string, ids: readonly string[]): AssayError =>
  new AssayError({
    code: 'MODEL_UNKNOWN',
    message: `No model is called "${name}".`,
    value: name,
    remedy: `Name one of ${ids.join(', ')}, or a folder with a card.json.`,
  })
