/**
 * Draws with a service over HTTP. Named none, it shows what happens with a stand-in that it starts itself:
 * one that is busy at first, and refuses one of the prompts.
 */
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ImageGenerator } from '@assay/core'
import {
  createAutomatic1111Generator,
  createHuggingFaceGenerator,
  createOpenAIGenerator,
} from '@assay/diffusion/remote'

const prompts = ['a red fox in the snow', 'a forbidden thing']
const key = process.env['OPENAI_API_KEY']
const token = process.env['HF_TOKEN']

/** Generators by the word that chooses them; null where the key is missing. */
const generators: Readonly<Record<string, () => ImageGenerator | null>> = {
  openai: () => (key ? createOpenAIGenerator({ model: 'gpt-image-1', key }) : null),
  huggingface: () =>
    token
      ? createHuggingFaceGenerator({ model: 'black-forest-labs/FLUX.1-schnell', key: token })
      : null,
  automatic1111: () => createAutomatic1111Generator(),
}

async function draw(generator: ImageGenerator, keep: boolean): Promise<void> {
  for (const prompt of prompts) {
    for await (const drawn of generator.generate({ prompt, count: 2, seed: 1 })) {
      if (drawn.outcome === 'rejected') {
        console.log(`${prompt}, seed ${drawn.seed}: rejected (${drawn.reason})`)
        continue
      }
      const { image, file, metadata, seed } = drawn
      const size = `${image.width} x ${image.height}, ${file?.mediaType}`
      console.log(`${prompt}, seed ${seed}: ${size}, seed honoured: ${metadata?.['seedHonoured']}`)
      const name = `${prompt.replaceAll(' ', '-')}-${seed}.${file?.mediaType.split('/')[1]}`
      if (keep && file !== undefined) await writeFile(name, file.bytes)
    }
  }
}

const [word] = process.argv.slice(2)
if (word === undefined) {
  console.log('No service is named, so a stand-in on this machine draws. Name one to ask it:')
  console.log('  openai          with OPENAI_API_KEY set; costs money')
  console.log('  huggingface     with HF_TOKEN set')
  console.log('  automatic1111   with a web UI started with --api on this machine')
  await withStandIn((baseUrl) =>
    draw(createOpenAIGenerator({ model: 'stand-in', baseUrl, concurrency: 1 }), false),
  )
} else {
  const generator = generators[word]?.()
  if (generator) await draw(generator, true)
  else {
    console.error(`Name one of ${Object.keys(generators).join(', ')}, and set its key.`)
    process.exitCode = 2
  }
}

/** Starts a service that speaks like OpenAI's, for as long as `work` takes. */
async function withStandIn(work: (baseUrl: string) => Promise<void>): Promise<void> {
  const picture =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mM4EaABRAwQCgAljgUBQTLeRwAAAABJRU5ErkJggg=='
  const refusal = { code: 'moderation_blocked', message: 'The safety system refused it.' }
  let requests = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    const answer = (status: number, value: unknown, headers = {}) =>
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(value))
    if (requests++ === 0) answer(429, {}, { 'retry-after': '0' })
    else if (body.includes('forbidden')) answer(400, { error: refusal })
    else answer(200, { data: [{ b64_json: picture }] })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`)
  } finally {
    server.close()
  }
}
