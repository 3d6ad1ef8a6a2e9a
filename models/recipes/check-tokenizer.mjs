// Stage 9: the shipped tokenizer through @huggingface/tokenizers gives the ids that the recipe stored.
// node check-tokenizer.mjs --npm FOLDER --model ../tiny-world/tiny-clip --captions captions.json
// captions.json: [{ text, ids }], ids without padding, from `python -m tiny_clip.reference`.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values: flags } = parseArgs({
  options: { npm: { type: 'string' }, model: { type: 'string' }, captions: { type: 'string' } },
})
const require = createRequire(join(resolve(flags.npm), 'package.json'))
const { Tokenizer } = require('@huggingface/tokenizers')
const json = async (path) => JSON.parse(await readFile(path, 'utf8'))
const tokenizer = new Tokenizer(
  await json(join(flags.model, 'tokenizer.json')),
  await json(join(flags.model, 'tokenizer_config.json')),
)
const captions = await json(flags.captions)
const different = captions.filter(
  ({ text, ids }) => JSON.stringify([...tokenizer.encode(text).ids]) !== JSON.stringify(ids),
)
console.log(JSON.stringify({ captions: captions.length, different: different.length }))
if (different.length > 0) {
  for (const { text, ids } of different.slice(0, 10))
    console.error(text, ids, tokenizer.encode(text).ids)
  process.exitCode = 1
}
