import type { Engine } from '@assay/core'
import { afterAll, describe, expect, it } from 'vitest'
import { draw, pipelineKit, thrown } from '../__fixtures__/pipeline-kit.js'
import { tinyDenoiser } from '../__fixtures__/tiny-graphs.js'
import { type PipelineFiles, stableDiffusion15 } from '../__fixtures__/tiny-pipelines.js'

const { engine, written, open, close } = pipelineKit()
afterAll(close)

describe('folders that cannot be followed', () => {
  const without = (path: string) => {
    const { [path]: _, ...files } = stableDiffusion15()
    return files
  }
  const index = (more: object) => {
    const files = stableDiffusion15()
    return { ...files, 'model_index.json': { ...(files['model_index.json'] as object), ...more } }
  }
  const scheduler = (more: object) => {
    const files = stableDiffusion15()
    const path = 'scheduler/scheduler_config.json'
    return { ...files, [path]: { ...(files[path] as object), ...more } }
  }
  const unet = (more: Partial<Parameters<typeof tinyDenoiser>[0]>) => ({
    ...stableDiffusion15(),
    'unet/model.onnx': tinyDenoiser({
      ...{ seed: 5, channels: 4, tokens: 77, width: 6, floats: 'float32', state: 'sample' },
      ...{ timestep: { type: 'int64', shape: [] }, prediction: 'out_sample', others: [] },
      ...more,
    }),
  })

  it.each<[string, PipelineFiles, string, RegExp]>([
    ['no index', without('model_index.json'), 'MODEL_FILE_MISSING', /no .*model_index.json/],
    ['no denoiser', index({ unet: [null, null] }), 'MODEL_INCOMPATIBLE', /no unet or transformer/],
    ['two denoisers', index({ transformer: ['a', 'b'] }), 'MODEL_INCOMPATIBLE', /both a unet/],
    ['no text encoder', index({ text_encoder: null }), 'MODEL_INCOMPATIBLE', /reads no prompt/],
    ['a lost part', index({ text_encoder_2: ['a', 'b'] }), 'MODEL_FILE_MISSING', /text_encoder_2/],
    ['no graph', without('unet/model.onnx'), 'MODEL_FILE_MISSING', /unet.model.onnx/],
    ['no decoder', without('vae_decoder/model.onnx'), 'MODEL_FILE_MISSING', /vae_decoder/],
    ['no merges', without('tokenizer/merges.txt'), 'MODEL_FILE_MISSING', /tokenizer.json nor/],
    ['no scheduler', without('scheduler/scheduler_config.json'), 'MODEL_FILE_MISSING', /scheduler/],
    [
      'an unknown scheduler',
      scheduler({ _class_name: 'LMSDiscreteScheduler' }),
      'MODEL_INCOMPATIBLE',
      /LMSDiscrete/,
    ],
    [
      'an unknown prediction',
      scheduler({ prediction_type: 'x' }),
      'MODEL_INCOMPATIBLE',
      /prediction_type/,
    ],
    [
      'an unknown input',
      unet({ others: [{ name: 'timestep_cond', width: 2, scale: 1 }] }),
      'MODEL_INCOMPATIBLE',
      /needs timestep_cond/,
    ],
    ['an unknown state', unet({ state: 'latent' }), 'MODEL_INCOMPATIBLE', /no input sample/],
    [
      'half of SDXL',
      unet({ others: [{ name: 'time_ids', width: 6, scale: 1 }] }),
      'MODEL_INCOMPATIBLE',
      /no input text_embeds/,
    ],
    ['a fixed batch', unet({ batch: 3 }), 'MODEL_INCOMPATIBLE', /batch that is free or 1/],
    [
      'EDM on whole timesteps',
      scheduler({ _class_name: 'EDMEulerScheduler' }),
      'MODEL_INCOMPATIBLE',
      /fractions/,
    ],
    [
      'a graph that is none',
      { ...stableDiffusion15(), 'unet/model.onnx': 'no graph' },
      'ENGINE_FAILED',
      /./,
    ],
  ])('are refused with what to do: %s', async (_, files, code, message) => {
    const error = await thrown(() => open({ folder: written(files) }))
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
    expect(error.remedy).not.toBe('')
  })

  it.each([
    ['vocab.json', { '!': 0 }, '<|startoftext|>'],
    ['special_tokens_map.json', { pad_token: '<pad>' }, '<pad>'],
  ])(
    'are refused where the tokenizer lacks a token of its own: %s',
    async (name, content, token) => {
      const files = { ...stableDiffusion15(), [`tokenizer/${name}`]: content }
      const error = await thrown(() => open({ folder: written(files) }))
      expect([error.code, error.value]).toEqual(['MODEL_INCOMPATIBLE', token])
    },
  )

  it('closes what it had opened', async () => {
    const closed: string[] = []
    const counting: Engine = {
      specificationVersion: 1,
      id: engine.id,
      device: engine.device,
      close: () => engine.close(),
      async open(model, options) {
        const session = await engine.open(model, options)
        const name = model instanceof Uint8Array ? '' : model.path
        return {
          inputs: session.inputs,
          outputs: session.outputs,
          concurrency: 1,
          run: (feeds, settings) => session.run(feeds, settings),
          close: async () => {
            closed.push(name)
            await session.close()
          },
        }
      },
    }
    const folder = written(unet({ state: 'latent' }))
    await thrown(() => open({ folder, engine: counting }))
    expect(closed).toHaveLength(2)
  })

  it('needs another sampler where the folder names one that is not known here', async () => {
    const folder = written(scheduler({ _class_name: 'LMSDiscreteScheduler' }))
    expect(await draw(await open({ folder, scheduler: 'DDIMScheduler' }))).toHaveLength(2)
  })

  it('refuses two encoders for a denoiser of one', async () => {
    const files = stableDiffusion15()
    for (const [path, content] of Object.entries(files)) {
      if (/^(text_encoder|tokenizer)\//.test(path)) files[path.replace('/', '_2/')] = content
    }
    const twice = {
      ...files,
      ...{ 'model_index.json': index({ text_encoder_2: ['a', 'b'] })['model_index.json'] },
    }
    const error = await thrown(async () => draw(await open({ folder: written(twice) })))
    expect([error.code, error.value]).toEqual(['MODEL_INCOMPATIBLE', 2])
  })
})
