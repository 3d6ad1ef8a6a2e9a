import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImageEncoder } from '@assay/core'
import { checkEncoder } from '@assay/core/testing'
import { cards } from '@assay/model-cards'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { textured } from '../__fixtures__/picture-files.js'
import { smallImageTower, smallTextTower } from '../__fixtures__/small-model.js'
import type { PromptEncoder } from '../encoder/create-text-encoder.js'
import { type OpenedEncoder, openEncoder } from '../encoder/open-encoder.js'
import { listModels } from './list-models.js'
import type { ModelCard } from './model-card.js'
import type { ModelPin } from './model-pins.js'

const root = new URL('../../../../', import.meta.url)
const published = await listModels([cards])
const engine = createEngine({ threads: 2 })
const folder = mkdtempSync(join(tmpdir(), 'assay-cards-'))
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

/** More words than any of the models reads. */
const long = 'word '.repeat(200)

const tokenizerFile = ({ text }: ModelCard): Uint8Array =>
  readFileSync(
    text?.tokenizer.sentencePiece
      ? new URL('packages/embed/src/tokens/sentence-piece/sentence-piece-tokens.oracle.model', root)
      : new URL('models/tiny-world/tiny-clip/tokenizer.json', root),
  )

/** A small model with random weights in the place of each file of a card. */
function smallFile(card: ModelCard, path: string): Uint8Array {
  if (path === card.image?.model) return smallImageTower(card.image, 1)
  if (path === card.text?.model) return smallTextTower(card.text, 2)
  if (path === card.text?.tokenizer.path) return tokenizerFile(card)
  return Buffer.from('data that the small graph does not need')
}

/** Installs a card with small files, which nothing but the pins vouches for. */
function install(name: string, card: ModelCard): ReadonlyMap<string, ModelPin> {
  const pins = new Map<string, ModelPin>()
  for (const { path } of card.files) {
    const bytes = smallFile(card, path)
    const file = join(folder, name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    pins.set(path, { bytes: bytes.length, sha256 })
  }
  const open = { bytes: null, sha256: null, reason: 'small weights in its place' }
  const files = card.files.map(({ path }) => ({ path, ...open }))
  writeFileSync(join(folder, name, 'card.json'), JSON.stringify({ ...card, files }))
  return pins
}

describe('the published cards', () => {
  it('are those of the README, each in the folder of its name', () => {
    const readme = readFileSync(new URL('models/cards/README.md', root), 'utf8')
    expect(published.length).toBeGreaterThanOrEqual(10)
    for (const { folder: place, card } of published) {
      expect(readme).toContain(`| \`${card.id}\` |`)
      expect(place).toBe(join(cards, card.id.toLowerCase().replace(/[/_]/g, '-')))
    }
  })

  it('say where their files are, or which recipe of this repository makes them', () => {
    for (const { card } of published) {
      const { repository, conversion } = card
      expect(repository === null, card.id).toBe(conversion !== null)
      // A branch may move; what was pinned would not be what is served.
      if (repository !== null) expect(repository.revision).toMatch(/^[0-9a-f]{40}$/)
      else {
        const recipe = new URL(`models/recipes/${conversion?.recipe}`, root)
        expect(existsSync(fileURLToPath(recipe)), card.id).toBe(true)
        expect(card.files.every(({ sha256 }) => sha256 === null)).toBe(true)
      }
    }
  })

  it('do not share a file but tokenizers', () => {
    const hashes = published.flatMap(({ card }) =>
      card.files.filter(({ path }) => path.endsWith('.onnx')).map(({ sha256 }) => sha256),
    )
    const known = hashes.filter((hash) => hash !== null)
    expect(new Set(known).size).toBe(known.length)
  })
})

describe.each(published.map(({ card }) => ({ name: card.id, card })))('$name', ({ name, card }) => {
  let opened: OpenedEncoder
  let pins: ReadonlyMap<string, ModelPin>
  beforeAll(async () => {
    pins = install(name, card)
    opened = await openEncoder({ folder: join(folder, name), engine, pins })
  })
  afterAll(() => opened.close())

  it('opens a graph of its shape with the pins, and not without', async () => {
    expect(opened.image?.dimensions).toBe(card.dimensions)
    expect(opened.text === null).toBe(card.text === null)
    const unpinned = openEncoder({ folder: join(folder, name), engine })
    await expect(unpinned).rejects.toMatchObject({ code: 'MODEL_NOT_PINNED' })
  })

  it('embeds pictures as every encoder must', async () => {
    const items = await Promise.all(
      [200, 300, 420].map(async (height) => ({
        id: `${height}`,
        source: await textured(300, height).png().toBuffer(),
      })),
    )
    const broken = [{ id: 'broken', source: Buffer.from('GIF89a') }]
    const encoder = opened.image as ImageEncoder
    await checkEncoder({ encoder, items, broken, tolerance: 1e-6 })
  })

  const { text } = card
  if (text === null) return

  it('embeds prompts as every encoder must, in the space of the pictures', async () => {
    const prompts = ['a cat', 'two dogs on a green hill', 'Weird image. ', '🍎 und 猫', long]
    const items = prompts.map((prompt) => ({ id: prompt, text: prompt }))
    const broken = [{ id: 'endless', text: 'a'.repeat(100_000) }]
    const encoder = opened.text as PromptEncoder
    await checkEncoder({ encoder, items, broken, tolerance: 1e-6 })
    expect(encoder.space).toBe(opened.image?.space)
  })

  it('reads as many tokens as its context has, and tells what was too much', () => {
    const { tokenize } = opened.text as PromptEncoder
    const { contextLength } = text.tokenizer
    expect(tokenize('a cat')).toMatchObject({ truncated: false })
    const { tokens, length, truncated } = tokenize(long)
    const empty = tokenize('')
    expect([length, truncated]).toEqual([contextLength, true])
    expect(tokens.at(-1)).toBe(empty.tokens[empty.length - 1])
  })
})
