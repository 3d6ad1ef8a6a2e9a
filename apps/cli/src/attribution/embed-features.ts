import { join, resolve } from 'node:path'
import { type FeatureSource, featuresFromMatrix } from '@assay/attribution'
import { readLabels } from '@assay/attribution/node'
import { AssayError, type ItemFailure } from '@assay/core'
import { embedPictures, type Picture } from '@assay/embed'
import { openCache } from '@assay/store'
import { type CommandSession, embedsNoPictures } from '../command-session.js'
import { picturesAt } from '../pictures-at.js'
import { places } from '../places.js'

/** How pictures become features. */
export interface EmbedFeaturesOptions {
  /** Model id, or folder with a card. */
  readonly encoder: string
  /** Whether features are brought to unit length; heads of the paper take them raw. */
  readonly normalize: boolean
  /** Table of further labels, by id. Default: none. */
  readonly labels?: string | undefined
  /** Labels to keep, of the pictures' metadata and of the table. Default: all. */
  readonly fields?: readonly string[] | undefined
}

/** Features of the pictures that could be read. */
export interface EmbeddedFeatures {
  readonly features: FeatureSource
  /** Id of the model. */
  readonly encoder: string
  readonly failures: readonly ItemFailure[]
}

/** The features of a picture, or of a folder, archive or table of pictures, with what its metadata tells of them. */
export async function embedFeatures(
  path: string,
  { encoder: name, normalize, labels, fields }: EmbedFeaturesOptions,
  { openEncoder, progress, signal }: CommandSession,
): Promise<EmbeddedFeatures> {
  const { card, image } = await openEncoder(name, { normalize })
  if (image === null) throw embedsNoPictures(card.id)
  const set = await picturesAt(resolve(path))
  const { embeddings, failures } = await embedPictures({
    encoder: image,
    pictures: set.pictures,
    cache: openCache(join(places().cache, 'embeddings')),
    normalize,
    progress,
    signal,
  })
  const ids = embeddings.ids ?? []
  const told = metadataLabels(set.pictures, ids)
  const added = labels === undefined ? [] : (await readLabels(resolve(labels), { ids })).groups
  const groups = chosenFields(new Map([...told, ...added]), fields)
  return {
    features: featuresFromMatrix(embeddings, { groups }),
    encoder: card.id,
    failures: [...set.failures, ...failures],
  }
}

/** What the metadata tells of the pictures with these ids, by field. */
function metadataLabels(
  pictures: readonly Picture[],
  ids: readonly string[],
): FeatureSource['groups'] {
  const told = new Map(
    pictures.map(({ id, prompt, metadata }) => [
      id,
      new Map(Object.entries({ ...metadata, prompt })),
    ]),
  )
  const found = new Set<string>()
  for (const values of told.values()) {
    for (const [field, value] of values) if (labelOf(value) !== null) found.add(field)
  }
  found.delete('id') // The name of the picture, in a feature store.
  const column = (field: string) => ids.map((id) => labelOf(told.get(id)?.get(field)))
  return new Map([...found].map((field) => [field, column(field)]))
}

const labelOf = (value: unknown): string | null =>
  (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : null

function chosenFields(
  groups: FeatureSource['groups'],
  fields: readonly string[] = [...groups.keys()],
): FeatureSource['groups'] {
  return new Map(
    fields.map((field) => {
      const labels = groups.get(field)
      if (labels !== undefined) return [field, labels]
      throw new AssayError({
        code: 'INVALID_ARGUMENT',
        message: `No picture has a label ${JSON.stringify(field)}.`,
        value: field,
        remedy: `Name one of ${[...groups.keys()].join(', ') || 'the fields of a metadata.jsonl'}.`,
      })
    }),
  )
}
