import { generatorConformance } from '@assay/core/testing'
import { describe, it } from 'vitest'
import { seededPictures } from './__fixtures__/seeded-pictures.js'
import { wordEncoder } from './__fixtures__/word-encoder.js'
import { createComposer } from './create-composer.js'
import { createMemoriser } from './create-memoriser.js'
import { createPictureBank } from './create-picture-bank.js'

const textEncoder = wordEncoder('words')
const bank = await createPictureBank({ pictures: seededPictures(12), textEncoder })
const options = { bank, textEncoder, batchSize: 2 }
const prompts = ['an apple', 'a blue whale'] as const

describe('the memoriser, as a generator', () => {
  const generator = createMemoriser(options)
  for (const { name, run } of generatorConformance({ generator, prompts, repeats: true })) {
    it(name, run)
  }
})

describe('the composer, as a generator', () => {
  const generator = createComposer(options)
  for (const { name, run } of generatorConformance({ generator, prompts })) it(name, run)
})
