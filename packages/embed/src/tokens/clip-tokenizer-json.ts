const start = '<|startoftext|>'
const end = '<|endoftext|>'

/** How CLIP cuts a text before merging (Radford et al. 2021): contractions, words, digits, the rest. */
const words = "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"

/** What older CLIP folders have in the place of a tokenizer.json. */
interface ClipVocabulary {
  /** `vocab.json`: numbers of tokens. */
  readonly vocabulary: Readonly<Record<string, number>>
  /** `merges.txt`: a line of its version, then two pieces a line, the most frequent pair first. */
  readonly merges: string
}

/** What a caller looks at in the tokenizer; the rest is for `promptTokenizer`. */
interface ClipTokenizerJson {
  /** The tokens that begin and end a prompt; `id` is undefined where the vocabulary lacks one. */
  readonly added_tokens: readonly { readonly id: number | undefined; readonly content: string }[]
  readonly [key: string]: unknown
}

/**
 * CLIP's byte-pair tokenizer in the form of the published `tokenizer.json`, from `vocab.json` and
 * `merges.txt`, as Stable Diffusion folders have them.
 */
export function clipTokenizerJson({ vocabulary, merges }: ClipVocabulary): ClipTokenizerJson {
  const pairs = merges.split('\n').map((line) => line.trim().split(' '))
  const special = (content: string) => ({
    ...{ id: vocabulary[content], content, special: true, single_word: false },
    ...{ lstrip: false, rstrip: false, normalized: false },
  })
  return {
    version: '1.0',
    added_tokens: [start, end].map(special),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: words }, behavior: 'Removed', invert: true },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      ...{ sep: [end, vocabulary[end]], cls: [start, vocabulary[start]] },
      ...{ trim_offsets: false, add_prefix_space: false },
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      ...{ type: 'BPE', dropout: null, unk_token: end, continuing_subword_prefix: '' },
      ...{ end_of_word_suffix: '</w>', fuse_unk: false, byte_fallback: false },
      vocab: vocabulary,
      merges: pairs.filter((pair) => pair.length === 2 && pair[0] !== '#version:'),
    },
  }
}
