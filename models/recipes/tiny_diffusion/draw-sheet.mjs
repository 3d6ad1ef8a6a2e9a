// The contact sheet of the tiny diffusion: 12 prompts, 4 seeds each, drawn as a user draws them. Needs the
// packages built.
// node draw-sheet.mjs --model ../../tiny-world/tiny-diffusion --out sheet.png
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { contactSheet, openPipeline } from '../../../packages/diffusion/dist/index.js'
import { createEngine } from '../../../packages/tensor/dist/index.js'

const prompts = [
  'red apple',
  'frog',
  'octopus',
  'whale',
  'tulip',
  'pizza',
  'sailboat',
  'airplane',
  'minibus',
  'lady beetle',
  'penguin',
  'house',
]
const each = 4

const { values: flags } = parseArgs({
  options: { model: { type: 'string' }, out: { type: 'string' } },
})
const engine = createEngine()
const pipeline = await openPipeline({ folder: flags.model, engine, batchSize: each })
const pictures = []
for (const prompt of prompts) {
  let label = prompt
  for await (const { image } of pipeline.generate({ prompt, count: each, seed: 1 })) {
    pictures.push({ source: image, label })
    label = ' '
  }
}
await writeFile(flags.out, await contactSheet({ pictures, columns: 2 * each, tile: 96 }))
await pipeline.close()
await engine.close()
