import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tinyDecoder, tinyDenoiser, tinyTextEncoder } from './tiny-graphs.js'

/** Files of a pipeline, by path: bytes, or a value that becomes JSON. */
export type PipelineFiles = Record<string, Uint8Array | string | object>

/** Writes a pipeline's files into a folder. */
export function writePipeline(folder: string, files: PipelineFiles): string {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    const isRaw = content instanceof Uint8Array || typeof content === 'string'
    writeFileSync(file, isRaw ? content : JSON.stringify(content))
  }
  return folder
}

const [start, end] = ['<|startoftext|>', '<|endoftext|>'] as const
const letters = [...'abcdefghijklmnopqrstuvwxyz']

/** CLIP's own two files, with 26 letters, "!" and the word "cat": id 0 is "!". */
function clipTokenizer(part: string, padding: string): PipelineFiles {
  const tokens = [
    '!',
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    'ca',
    'cat</w>',
    start,
    end,
  ]
  return {
    [`${part}/vocab.json`]: Object.fromEntries(tokens.map((token, id) => [token, id])),
    [`${part}/merges.txt`]: '#version: 0.2\nc a\nca t</w>\n',
    [`${part}/tokenizer_config.json`]: {
      model_max_length: 77,
      pad_token: padding,
      tokenizer_class: 'CLIPTokenizer',
    },
    [`${part}/special_tokens_map.json`]: { pad_token: padding },
  }
}

/** T5's form: a unigram tokenizer in a tokenizer.json; "cat" is id 4. */
function longTokenizer(part: string): PipelineFiles {
  const special = (id: number, content: string) => ({
    ...{
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  })
  return {
    [`${part}/tokenizer.json`]: {
      version: '1.0',
      added_tokens: [special(0, '<pad>'), special(1, '</s>'), special(2, '<unk>')],
      normalizer: null,
      pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '</s>', type_id: 0 } },
        ],
        pair: [],
        special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
      },
      decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
      model: {
        type: 'Unigram',
        unk_id: 2,
        vocab: [
          ['<pad>', 0],
          ['</s>', 0],
          ['<unk>', 0],
          ['▁a', -1],
          ['▁cat', -2],
        ],
      },
    },
    [`${part}/tokenizer_config.json`]: {
      model_max_length: 512,
      pad_token: '<pad>',
      tokenizer_class: 'T5Tokenizer',
    },
  }
}

const onnx = ['diffusers', 'OnnxRuntimeModel']

/** Stable Diffusion 1.5 in the layout, names, types and ranks of its published export. */
export const stableDiffusion15 = (): PipelineFiles => ({
  'model_index.json': {
    _class_name: 'OnnxStableDiffusionPipeline',
    feature_extractor: ['transformers', 'CLIPImageProcessor'],
    safety_checker: [null, null],
    scheduler: ['diffusers', 'DDIMScheduler'],
    text_encoder: onnx,
    tokenizer: ['transformers', 'CLIPTokenizer'],
    unet: onnx,
    vae_decoder: onnx,
    vae_encoder: onnx,
  },
  ...clipTokenizer('tokenizer', end),
  'text_encoder/model.onnx': tinyTextEncoder({
    ...{
      seed: 1,
      width: 6,
      tokens: 'sequence',
      ids: 'int32',
      floats: 'float32',
      pooled: null,
      layers: false,
    },
  }),
  'unet/model.onnx': tinyDenoiser({
    ...{ seed: 5, channels: 4, tokens: 77, width: 6, floats: 'float32', state: 'sample' },
    ...{ timestep: { type: 'int64', shape: [] }, prediction: 'out_sample', others: [] },
  }),
  'unet/config.json': { in_channels: 4, sample_size: 64 },
  'vae_decoder/model.onnx': tinyDecoder(4, 0.01, 'float32'),
  'vae_decoder/config.json': { block_out_channels: [128, 256, 512, 512] },
  'scheduler/scheduler_config.json': {
    _class_name: 'DDIMScheduler',
    ...{ beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 },
    ...{ clip_sample: false, set_alpha_to_one: false, steps_offset: 1, prediction_type: 'epsilon' },
  },
})

/** SDXL-Turbo, in float16. */
export const stableDiffusionXlTurbo = (): PipelineFiles => ({
  'model_index.json': {
    _class_name: 'StableDiffusionXLPipeline',
    force_zeros_for_empty_prompt: true,
    scheduler: ['diffusers', 'EulerAncestralDiscreteScheduler'],
    text_encoder: ['transformers', 'CLIPTextModel'],
    text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
    tokenizer: ['transformers', 'CLIPTokenizer'],
    tokenizer_2: ['transformers', 'CLIPTokenizer'],
    unet: ['diffusers', 'UNet2DConditionModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  },
  ...clipTokenizer('tokenizer', end),
  ...clipTokenizer('tokenizer_2', '!'),
  'text_encoder/model.onnx': tinyTextEncoder({
    ...{
      seed: 1,
      width: 4,
      tokens: 'sequence',
      ids: 'int64',
      floats: 'float16',
      pooled: null,
      layers: true,
    },
  }),
  'text_encoder_2/model.onnx': tinyTextEncoder({
    ...{
      seed: 3,
      width: 5,
      tokens: 'sequence',
      ids: 'int64',
      floats: 'float16',
      pooled: 7,
      layers: true,
    },
  }),
  'unet/model.onnx': tinyDenoiser({
    ...{ seed: 5, channels: 4, tokens: 77, width: 9, floats: 'float16', state: 'sample' },
    timestep: { type: 'float16', shape: ['steps'] },
    prediction: 'out_sample',
    others: [
      { name: 'text_embeds', width: 7, scale: 2 },
      { name: 'time_ids', width: 6, scale: 30 },
    ],
  }),
  'unet/config.json': { in_channels: 4, sample_size: 64 },
  'vae_decoder/model.onnx': tinyDecoder(4, 0.002, 'float16'),
  'vae_decoder/config.json': { scaling_factor: 0.13025, block_out_channels: [128, 256, 512, 512] },
  'scheduler/scheduler_config.json': {
    _class_name: 'EulerAncestralDiscreteScheduler',
    ...{ beta_schedule: 'scaled_linear', beta_start: 0.00085, beta_end: 0.012 },
    ...{ timestep_spacing: 'trailing', prediction_type: 'epsilon', steps_offset: 1 },
  },
})

/** SD3, with T5 or without. */
export const stableDiffusion3 = ({ t5 }: { readonly t5: boolean }): PipelineFiles => ({
  'model_index.json': {
    _class_name: 'StableDiffusion3Pipeline',
    scheduler: ['diffusers', 'FlowMatchEulerDiscreteScheduler'],
    text_encoder: ['transformers', 'CLIPTextModelWithProjection'],
    text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
    text_encoder_3: t5 ? ['transformers', 'T5EncoderModel'] : [null, null],
    tokenizer: ['transformers', 'CLIPTokenizer'],
    tokenizer_2: ['transformers', 'CLIPTokenizer'],
    tokenizer_3: t5 ? ['transformers', 'T5TokenizerFast'] : [null, null],
    transformer: ['diffusers', 'SD3Transformer2DModel'],
    vae: ['diffusers', 'AutoencoderKL'],
  },
  ...clipTokenizer('tokenizer', end),
  ...clipTokenizer('tokenizer_2', '!'),
  'text_encoder/model.onnx': tinyTextEncoder({
    ...{
      seed: 1,
      width: 4,
      tokens: 'sequence',
      ids: 'int64',
      floats: 'float32',
      pooled: 3,
      layers: true,
    },
  }),
  'text_encoder_2/model.onnx': tinyTextEncoder({
    ...{
      seed: 3,
      width: 5,
      tokens: 'sequence',
      ids: 'int64',
      floats: 'float32',
      pooled: 7,
      layers: true,
    },
  }),
  ...(t5 && {
    ...longTokenizer('tokenizer_3'),
    'text_encoder_3/model.onnx': tinyTextEncoder({
      ...{
        seed: 4,
        width: 12,
        tokens: 'sequence',
        ids: 'int64',
        floats: 'float32',
        pooled: null,
        layers: false,
      },
    }),
  }),
  'transformer/model.onnx': tinyDenoiser({
    ...{ seed: 5, channels: 16, tokens: t5 ? 77 + 256 : 77 + 77, width: 12, floats: 'float32' },
    ...{ timestep: { type: 'float32', shape: ['step'] }, state: 'hidden_states' },
    prediction: 'out_hidden_states',
    others: [{ name: 'pooled_projections', width: 10, scale: 2 }],
  }),
  'transformer/config.json': { in_channels: 16, sample_size: 128, joint_attention_dim: 12 },
  'vae_decoder/model.onnx': tinyDecoder(16, 0.1, 'float32'),
  'vae_decoder/config.json': {
    ...{ scaling_factor: 1.5305, shift_factor: 0.0609, block_out_channels: [128, 256, 512, 512] },
  },
  'scheduler/scheduler_config.json': {
    ...{ _class_name: 'FlowMatchEulerDiscreteScheduler', num_train_timesteps: 1000, shift: 3 },
  },
})
