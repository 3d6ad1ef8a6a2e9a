import { createRandom, type ImageGenerator } from '@assay/core'
import { checkGenerator, type GeneratorConformanceOptions } from '@assay/core/testing'
import sharp from 'sharp'
import { describe, it } from 'vitest'
import {
  createAutomatic1111Generator,
  createComfyUIGenerator,
  createHuggingFaceGenerator,
  createOpenAIGenerator,
} from '../remote.js'
import { type Answer, bytes, json, startService } from './__fixtures__/loopback-service.js'
import { history, workflow } from './__fixtures__/services.js'

/** A picture file of noise, a function of the text. */
function fileOf(text: string): Promise<Buffer> {
  const { integer } = createRandom(text)
  const pixels = Uint8Array.from({ length: 3 * 8 * 4 }, () => integer(256))
  return sharp(pixels, { raw: { width: 8, height: 4, channels: 3 } })
    .png()
    .toBuffer()
}

/** A service, and what a generator that asks it can promise. */
interface Served {
  readonly answer: Answer
  readonly create: (baseUrl: string) => ImageGenerator
  readonly promises: Partial<GeneratorConformanceOptions>
}

/** OpenAI takes no seed: every picture is another one. */
function openAI(): Served {
  let drawn = 0
  return {
    answer: async (exchange) => {
      const { prompt } = exchange.body as { prompt: string }
      const refusal = { error: { code: 'moderation_blocked', message: 'Against the rules.' } }
      if (prompt === 'forbidden') json(refusal, { status: 400 })(exchange)
      else json({ data: [{ b64_json: (await fileOf(`${drawn++}`)).toString('base64') }] })(exchange)
    },
    create: (baseUrl) => createOpenAIGenerator({ model: 'gpt-image-1', baseUrl, key: 'sk-1' }),
    promises: { seeded: false, rejected: ['forbidden'] },
  }
}

const automatic1111 = (): Served => ({
  answer: async (exchange) => {
    const { prompt, seed } = exchange.body as { prompt: string; seed: number }
    json({ images: [(await fileOf(`${prompt} ${seed}`)).toString('base64')] })(exchange)
  },
  create: (baseUrl) => createAutomatic1111Generator({ baseUrl, concurrency: 2 }),
  promises: {},
})

const huggingFace = (): Served => ({
  answer: async (exchange) => {
    const { inputs, parameters } = exchange.body as {
      inputs: string
      parameters: { seed: number }
    }
    bytes(await fileOf(`${inputs} ${parameters.seed}`), 'image/png')(exchange)
  },
  create: (baseUrl) => createHuggingFaceGenerator({ model: 'owner/name', baseUrl }),
  promises: {},
})

function comfyUI(): Served {
  const queued: string[] = []
  return {
    answer: async (exchange) => {
      const { path, body, response } = exchange
      const id = /^\/history\/(\d+)$/.exec(path)?.[1]
      if (path === '/prompt') {
        const { prompt: nodes } = body as { prompt: typeof workflow }
        const length = queued.push(`${nodes['6'].inputs.text} ${nodes['3'].inputs.seed}`)
        json({ prompt_id: `${length - 1}`, number: length, node_errors: {} })(exchange)
      } else if (id !== undefined) {
        json(history(id, [{ filename: `${id}.png`, subfolder: '', type: 'output' }]))(exchange)
      } else if (path.startsWith('/view?')) {
        const [, drawn] = /filename=(\d+)\.png/.exec(path) ?? []
        bytes(await fileOf(queued[Number(drawn)] ?? ''), 'image/png')(exchange)
      } else response.end()
    },
    create: (baseUrl) => createComfyUIGenerator({ workflow, baseUrl, pollSeconds: 0.001 }),
    promises: {},
  }
}

describe('a generator over HTTP, against a server on this machine', () => {
  it.each(Object.entries({ openAI, automatic1111, huggingFace, comfyUI }))(
    'keeps the contract: %s',
    async (_, serve) => {
      const { answer, create, promises } = serve()
      const { url } = await startService(answer)
      await checkGenerator({ generator: create(url), ...promises })
    },
  )
})
