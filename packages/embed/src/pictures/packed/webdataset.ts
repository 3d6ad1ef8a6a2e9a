import { basename } from 'node:path'
import type { ItemFailure } from '@assay/core'
import { type TarLimits, type TarMember, walkTar } from '@assay/store/archives'
import { isPictureName } from '../picture-names.js'
import type { PackedPicture, Picture } from '../picture-set.js'
import { readFileRegion } from './file-region.js'
import { faultOf, type ListedPictures, longestText } from './listed-pictures.js'
import { packedPicture } from './packed-picture.js'
import type { PackedReader, Shard } from './packed-reader.js'
import { parseMetadata, parseText } from './parse-sidecar.js'

/** A tar archive of pictures, in the WebDataset convention. */
export interface WebdatasetShard {
  readonly path: string
  /** What stands in front of the ids of its pictures. */
  readonly prefix: string
  readonly limits: Partial<TarLimits>
  readonly reader: PackedReader
}

/** A picture, and how many stand in front of it in its archive. */
interface NumberedMember extends TarMember {
  readonly number: number
}

/** The files of one key: what stands in front of the first dot of a file's own name. */
interface Sample {
  readonly pictures: NumberedMember[]
  prompt: string | null
  metadata: Readonly<Record<string, unknown>>
  fault: Pick<Parameters<typeof faultOf>[0], 'reason' | 'code'> | null
}

/** Keys of the metadata that hold a prompt; what was asked for comes before what was seen. */
const promptKeys = ['prompt', 'caption', 'text'] as const

/**
 * The pictures of an archive, with prompts and metadata of the files that share their key: `key.txt` is
 * the prompt, `key.json` an object of metadata, which may hold the prompt as `prompt` (before the text
 * file), `caption` or `text`. Pictures are known by the extensions of their names.
 *
 * @throws AssayError as `walkTar` does: an archive that breaks off does not say what is missing
 */
export async function listWebdataset(shard: WebdatasetShard): Promise<ListedPictures> {
  const samples = new Map<string, Sample>()
  let count = 0
  for await (const member of walkTar(shard.path, { limits: shard.limits })) {
    const { key, extension } = keyOf(member.name)
    const isKnown = isPictureName(member.name) || extension === 'json' || extension === 'txt'
    if (!isKnown) continue
    const sample = samples.get(key) ?? { pictures: [], prompt: null, metadata: {}, fault: null }
    samples.set(key, sample)
    if (isPictureName(member.name)) sample.pictures.push({ ...member, number: count++ })
    else await addSidecar(sample, member, extension)
  }
  return collect(shard, samples, count)
}

function keyOf(name: string): { readonly key: string; readonly extension: string } {
  const folder = name.slice(0, name.lastIndexOf('/') + 1)
  const [stem = '', ...extensions] = name.slice(folder.length).split('.')
  return { key: folder + stem, extension: extensions.join('.').toLowerCase() }
}

async function addSidecar(sample: Sample, member: TarMember, extension: string): Promise<void> {
  if (member.size > longestText) {
    const reason = `has ${member.name} of more than ${longestText} bytes beside it`
    sample.fault = { reason, code: 'LIMIT_EXCEEDED' }
    return
  }
  const bytes = await member.read()
  const parsed = extension === 'txt' ? parseText(bytes) : parseMetadata(bytes)
  if ('fault' in parsed) {
    const reason = `has ${member.name} beside it, which ${parsed.fault}`
    sample.fault = { reason, code: 'MALFORMED_METADATA' }
  } else if (typeof parsed.content === 'string') sample.prompt = parsed.content
  else sample.metadata = parsed.content
}

function collect(
  shard: WebdatasetShard,
  samples: ReadonlyMap<string, Sample>,
  count: number,
): ListedPictures {
  const file = basename(shard.path)
  const pictures: [number: number, picture: Picture][] = []
  const failures: ItemFailure[] = []
  const contents = contentsOf(shard, count)
  for (const [key, sample] of samples) {
    const { prompt, metadata, ...prompted } = withPrompt(sample)
    const fault = sample.fault ?? prompted.fault
    if (sample.pictures.length === 0) {
      const reason = 'has metadata but no picture'
      failures.push(faultOf({ id: shard.prefix + key, reason, code: 'FILE_MISSING', file }))
    }
    for (const member of sample.pictures) {
      const id = shard.prefix + member.name
      const source = sourceOf(shard, contents, { ...member, name: id })
      if (fault) failures.push(faultOf({ id, ...fault, file }))
      else pictures.push([member.number, { id, path: id, source, prompt, metadata }])
    }
  }
  pictures.sort(([one], [other]) => one - other)
  return { pictures: pictures.map(([, picture]) => picture), failures }
}

function sourceOf(
  { path, reader }: WebdatasetShard,
  contents: Shard,
  { name, size, offset, number }: NumberedMember,
): PackedPicture {
  const read =
    offset === null
      ? () => reader.read(contents, number)
      : () => readFileRegion({ path, offset, size })
  return packedPicture({ id: name, size, read })
}

function withPrompt({ prompt: text, metadata }: Sample) {
  const named = promptKeys.find((key) => key in metadata && (key === 'prompt' || text === null))
  const value = named === undefined ? text : metadata[named]
  const rest = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== named))
  const isText = value === null || typeof value === 'string'
  const reason = `has a \`${named}\` beside it that is no text`
  return {
    prompt: isText ? value : null,
    metadata: rest,
    fault: isText ? null : ({ reason, code: 'MALFORMED_METADATA' } as const),
  }
}

/** The pictures of an archive in its order, for one that is packed and cannot be read from its middle. */
const contentsOf = ({ path, limits }: WebdatasetShard, count: number): Shard => ({
  path,
  count,
  seeks: false,
  async *open(first) {
    let number = 0
    for await (const member of walkTar(path, { limits })) {
      if (isPictureName(member.name) && number++ >= first) yield () => member.read()
    }
  },
})
