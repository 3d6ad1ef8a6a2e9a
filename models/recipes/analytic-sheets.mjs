// Sheets of what the analytic generators draw, 12 prompts with 6 seeds each, two prompts a row. Needs the
// packages built. node analytic-sheets.mjs --out ../../packages/diffusion/sheets
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  createComposer,
  createMemoriser,
  readPictureBank,
} from '../../packages/diffusion/dist/analytic.js'
import { contactSheet } from '../../packages/diffusion/dist/index.js'
import { openEncoder } from '../../packages/embed/dist/index.js'
import { createEngine } from '../../packages/tensor/dist/index.js'
import { bank as folder, tinyClip } from '../tiny-world/index.js'

const PROMPTS = [
  ...['apple', 'banana', 'frog', 'octopus', 'whale', 'tulip'],
  ...['burger', 'sailboat', 'airplane', 'bus', 'ladybird', 'carrot'],
]
const SEEDS = 6

const { values: flags } = parseArgs({ options: { out: { type: 'string' } } })
const engine = createEngine({ threads: 1 })
const encoder = await openEncoder({ folder: tinyClip, engine })
const options = { bank: await readPictureBank(folder), textEncoder: encoder.text }
const generators = { memoriser: createMemoriser(options), composer: createComposer(options) }
await mkdir(resolve(flags.out), { recursive: true })
for (const [name, generator] of Object.entries(generators)) {
  const pictures = []
  for (const prompt of PROMPTS) {
    for await (const { image } of generator.generate({ prompt, count: SEEDS, seed: 1 })) {
      pictures.push({ source: image })
    }
  }
  const sheet = await contactSheet({ pictures, columns: 2 * SEEDS, tile: 64 })
  await writeFile(join(resolve(flags.out), `${name}.png`), sheet)
  console.log(name, sheet.length)
}
await encoder.close()
await engine.close()
