import { basename } from 'node:path'
import { AssayError } from '@assay/core'
import { readJson } from '@assay/store'
import type { TunedModel } from '../evaluation/tuned-model.js'

/**
 * The customised models of a split, in the form of Wang et al. (2023): a JSON array of objects with
 * `exemplar`, ids of the pictures a model was tuned on, and `synth`, ids of the pictures it drew, by the
 * type of their prompt. `model` names it; without it, its place in the file does. The split is called as
 * the file.
 *
 * @throws AssayError `MALFORMED_METADATA` with the place in the array, `DUPLICATE_ID`, and what `readJson`
 *   of `@assay/store` throws
 */
export async function readTunedModels(path: string): Promise<readonly TunedModel[]> {
  const split = basename(path).replace(/\.json$/i, '')
  const list = await readJson(path)
  if (!Array.isArray(list) || list.length === 0) throw malformed(path, 'holds no list of models')
  const models = list.map((entry: unknown, at) => modelOf(entry, { path, split, at }))
  const ids = new Set<string>()
  for (const [row, { id }] of models.entries()) {
    if (ids.has(id)) {
      throw new AssayError({
        code: 'DUPLICATE_ID',
        message: `${path} names the model ${JSON.stringify(id)} twice.`,
        value: id,
        remedy: 'Give every model a name of its own.',
        location: { file: path, row, id },
      })
    }
    ids.add(id)
  }
  return models
}

interface Place {
  readonly path: string
  readonly split: string
  readonly at: number
}

function modelOf(entry: unknown, { path, split, at }: Place): TunedModel {
  if (!isObject(entry)) throw malformed(path, 'is no object', at)
  const { model, exemplar, synth } = entry
  if (model !== undefined && typeof model !== 'string') {
    throw malformed(path, 'has a `model` that is no text', at)
  }
  if (!isNames(exemplar)) throw malformed(path, 'has no `exemplar`, a list of ids', at)
  const types = isObject(synth) ? Object.entries(synth) : []
  if (types.length === 0)
    throw malformed(path, 'has no `synth`, ids by the type of their prompt', at)
  const queries: Record<string, readonly string[]> = {}
  for (const [type, names] of types) {
    if (!isNames(names)) throw malformed(path, `has no list of ids for ${JSON.stringify(type)}`, at)
    queries[type] = names
  }
  return { id: model ?? `${split}/${at}`, exemplars: exemplar, queries, split }
}

const isObject = (
  value: unknown,
): value is Record<string, unknown> & { model?: unknown; exemplar?: unknown; synth?: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNames = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string')

const malformed = (path: string, reason: string, row?: number): AssayError =>
  new AssayError({
    code: 'MALFORMED_METADATA',
    message: row === undefined ? `${path} ${reason}.` : `Model ${row} of ${path} ${reason}.`,
    value: reason,
    remedy: 'Write [{ "model": ..., "exemplar": [ids], "synth": { "type": [ids] } }, ...].',
    location: row === undefined ? { file: path } : { file: path, row },
  })
