import { readFile } from 'node:fs/promises'
import { AssayError, type ImageGenerator } from '@assay/core'
import { parseJson } from '@assay/core/formats'
import {
  createAutomatic1111Generator,
  createComfyUIGenerator,
  createHuggingFaceGenerator,
  createOpenAIGenerator,
} from '@assay/diffusion/remote'
import { sha256 } from '@assay/store'
import type { GeneratorOptions } from './generator-options.js'

/** A service by its name, and how it is written after `--model`. */
export const remoteForms: Readonly<Record<string, string>> = {
  openai: 'openai:gpt-image-1',
  huggingface: 'huggingface:OWNER/MODEL',
  a1111: 'a1111:http://127.0.0.1:7860',
  comfyui: 'comfyui:http://127.0.0.1:8188',
}

const environment = (name: string): string | null => process.env[name] || null

/**
 * A generator behind HTTP. Keys come from the environment only, so that they stand in no history of
 * commands and in no list of processes.
 *
 * @param service one of `remoteForms`
 * @param rest what follows the colon: a model or an address
 * @throws AssayError `ACCESS_DENIED` without a key, `CONFIG_INVALID`, `FILE_MISSING`; as the generators of
 *   `@assay/diffusion/remote`
 */
export async function openRemote(
  service: string,
  rest: string,
  { workflow }: GeneratorOptions,
): Promise<ImageGenerator> {
  if (service === 'openai') return openAI(rest)
  if (service === 'huggingface') return huggingFace(rest)
  const address = rest === '' ? {} : { baseUrl: rest }
  if (service === 'a1111') {
    return createAutomatic1111Generator({ ...address, key: environment('A1111_AUTH') })
  }
  if (workflow === undefined) throw noWorkflow()
  const text = await readFile(workflow, 'utf8').catch((cause) => {
    throw unreadable(workflow, 'FILE_MISSING', cause)
  })
  return createComfyUIGenerator({
    ...address,
    key: environment('COMFYUI_KEY'),
    workflow: workflowOf(workflow, text),
    // Another workflow is another generator: their pictures do not belong into one folder.
    id: `comfyui/${sha256(text).slice(0, 12)}`,
  })
}

function openAI(model: string): ImageGenerator {
  const [key, baseUrl] = [environment('OPENAI_API_KEY'), environment('OPENAI_BASE_URL')]
  if (model === '') throw incomplete('openai')
  if (key === null && baseUrl === null) throw noKey('OpenAI', 'OPENAI_API_KEY')
  return createOpenAIGenerator({ model, key, ...(baseUrl !== null && { baseUrl }) })
}

function huggingFace(name: string): ImageGenerator {
  const key = environment('HF_TOKEN')
  if (name === '') throw incomplete('huggingface')
  if (/^https?:/.test(name)) return createHuggingFaceGenerator({ baseUrl: name, model: null, key })
  if (key === null) throw noKey('Hugging Face', 'HF_TOKEN')
  return createHuggingFaceGenerator({ model: name, key })
}

function workflowOf(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    const workflow = parseJson(text)
    if (typeof workflow === 'object' && workflow !== null && !Array.isArray(workflow)) {
      return workflow as Readonly<Record<string, unknown>>
    }
  } catch (cause) {
    throw unreadable(file, 'CONFIG_INVALID', cause)
  }
  throw unreadable(file, 'CONFIG_INVALID')
}

const unreadable = (
  file: string,
  code: 'FILE_MISSING' | 'CONFIG_INVALID',
  cause?: unknown,
): AssayError =>
  new AssayError({
    code,
    message: `${file} cannot be read as a workflow of ComfyUI.`,
    value: file,
    remedy:
      'Name the file that ComfyUI writes with "Export (API)", with "{{prompt}}" and "{{seed}}" in it.',
    location: { file },
    cause,
  })

const noWorkflow = (): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: 'ComfyUI runs a workflow, and none is given.',
    remedy:
      'Export one with "Export (API)", put "{{prompt}}" and "{{seed}}" in it, and name it by --workflow.',
  })

const incomplete = (service: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `"${service}:" names no model.`,
    value: service,
    remedy: `Name it, for instance ${remoteForms[service]}.`,
  })

const noKey = (service: string, variable: string): AssayError =>
  new AssayError({
    code: 'ACCESS_DENIED',
    message: `${service} draws nothing without a key.`,
    remedy: `Put it into the environment variable ${variable}.`,
  })
