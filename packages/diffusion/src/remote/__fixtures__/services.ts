import type { ImageGenerator } from '@assay/core'
import {
  createAutomatic1111Generator,
  createComfyUIGenerator,
  createHuggingFaceGenerator,
  createOpenAIGenerator,
  type ServiceOptions,
} from '../../remote.js'
import { type Answer, bytes, json } from './loopback-service.js'
import { pngOf } from './pictures.js'

/** A service, how a generator for it is made, and what answers for it. */
export interface ServiceCase {
  readonly create: (options: ServiceOptions & { readonly baseUrl: string }) => ImageGenerator
  /** Answers every request as the service does. */
  readonly faithful: Answer
  /** Paths that the faults of a case concern. */
  readonly isFaulty: (path: string) => boolean
  /** Whether the faulty answer is a picture file and no JSON. */
  readonly isFile: boolean
  readonly key: string
}

const file = await pngOf(7)
const base64 = file.toString('base64')

/** The smallest workflow. */
export const workflow = {
  '3': {
    class_type: 'KSampler',
    inputs: { seed: '{{seed}}', steps: 20, positive: ['6', 0], negative: ['7', 0] },
  },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: '{{prompt}}' } },
  '7': { class_type: 'CLIPTextEncode', inputs: { text: '{{negativePrompt}}' } },
  '9': { class_type: 'SaveImage', inputs: { filename_prefix: 'ComfyUI', images: ['3', 0] } },
}

/** History of a workflow that saved one picture. */
export const history = (id: string, images: unknown[] = [{ filename: 'a b.png', subfolder: 's', type: 'output' }]) => ({
  [id]: {
    prompt: [1, id, {}, {}, ['9']],
    outputs: { '9': { images } },
    status: { status_str: 'success', completed: true, messages: [['execution_start', { prompt_id: id }]] },
    meta: {},
  },
})

const comfy: Answer = (exchange) => {
  const { path, method } = exchange
  if (path === '/prompt') json({ prompt_id: 'the-id', number: 1, node_errors: {} })(exchange)
  else if (path === '/history/the-id') json(history('the-id'))(exchange)
  else if (path.startsWith('/view?')) bytes(file, 'image/png')(exchange)
  else if (path === '/queue' && method === 'POST') exchange.response.end()
  else exchange.response.writeHead(404).end()
}

const comfyCase = (isFaulty: ServiceCase['isFaulty'], isFile: boolean): ServiceCase => ({
  create: (options) => createComfyUIGenerator({ workflow, pollSeconds: 0.001, workflowSeconds: 0.1, ...options }),
  faithful: comfy,
  isFaulty,
  isFile,
  key: 'comfy-secret-1234',
})

const openAI: ServiceCase['create'] = (options) =>
  createOpenAIGenerator({ model: 'gpt-image-1', ...options })

/** Every service, once for each kind of answer that it gives. */
export const services: Readonly<Record<string, ServiceCase>> = {
  'OpenAI with base64': {
    create: openAI,
    faithful: json({ created: 1, data: [{ b64_json: base64 }] }),
    isFaulty: () => true,
    isFile: false,
    key: 'sk-secret-1234',
  },
  'OpenAI with an address': {
    create: openAI,
    faithful: (exchange) =>
      exchange.method === 'GET'
        ? bytes(file, 'image/png')(exchange)
        : json({ data: [{ url: '/pictures/1.png?signature=abc' }] })(exchange),
    isFaulty: (path) => path.startsWith('/pictures/'),
    isFile: true,
    key: 'sk-secret-1234',
  },
  Automatic1111: {
    create: createAutomatic1111Generator,
    faithful: json({ images: [base64], parameters: {}, info: JSON.stringify({ seed: 7, all_seeds: [7] }) }),
    isFaulty: () => true,
    isFile: false,
    key: 'somebody:web-secret-1234',
  },
  'Hugging Face': {
    create: (options) => createHuggingFaceGenerator({ model: 'owner/name', ...options }),
    faithful: bytes(file, 'image/png'),
    isFaulty: () => true,
    isFile: true,
    key: 'hf_secret1234',
  },
  'ComfyUI taking a workflow': comfyCase((path) => path === '/prompt', false),
  'ComfyUI telling of its history': comfyCase((path) => path.startsWith('/history/'), false),
  'ComfyUI showing a picture': comfyCase((path) => path.startsWith('/view?'), true),
}
