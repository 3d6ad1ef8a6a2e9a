// Generators behind HTTP.

export type { Automatic1111GeneratorOptions } from './remote/automatic1111/automatic1111-options.js'
export { createAutomatic1111Generator } from './remote/automatic1111/create-automatic1111-generator.js'
export type { ComfyUIGeneratorOptions } from './remote/comfyui/comfyui-options.js'
export { createComfyUIGenerator } from './remote/comfyui/create-comfyui-generator.js'
export { createHuggingFaceGenerator } from './remote/huggingface/create-huggingface-generator.js'
export type { HuggingFaceGeneratorOptions } from './remote/huggingface/huggingface-options.js'
export { createOpenAIGenerator } from './remote/openai/create-openai-generator.js'
export type { OpenAIGeneratorOptions } from './remote/openai/openai-options.js'

// What they are told, and tell.

export type { ServiceOptions } from './remote/http/service-options.js'
export type { RemoteMetadata } from './remote/remote-metadata.js'
