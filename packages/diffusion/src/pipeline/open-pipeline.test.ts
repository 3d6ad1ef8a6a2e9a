import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, type Engine, type GeneratedImage, type GenerationRequest } from '@assay/core'
import { sha256 } from '@assay/store'
import { createEngine } from '@assay/tensor'
import { afterAll, describe, expect, it } from 'vitest'
import { tinyDenoiser } from './__fixtures__/tiny-graphs.js'
import {
  type PipelineFiles,
  stableDiffusion15,
  writePipeline,
} from './__fixtures__/tiny-pipelines.js'
import { type WatchedRun, watchedEngine } from './__fixtures__/watched-engine.js'
import { type DiffusionPipeline, type OpenPipelineOptions, openPipeline } from './open-pipeline.js'

const root = mkdtempSync(join(tmpdir(), 'assay-pipeline-'))
const engine = createEngine({ threads: 1 })

afterAll(async () => {
  await engine.close()
  rmSync(root, { recursive: true, force: true })
})

let folders = 0
const written = (files: PipelineFiles) => writePipeline(join(root, String(folders++)), files)
const open = (options: Partial<OpenPipelineOptions> = {}) =>
  openPipeline({ folder: written(stableDiffusion15()), engine, steps: 3, ...options })

const request = { prompt: 'a cat', count: 2, seed: 5, width: 16, height: 16 }

async function draw(pipeline: DiffusionPipeline, more: Partial<GenerationRequest> = {}) {
  const pictures: GeneratedImage[] = []
  for await (const picture of pipeline.generate({ ...request, ...more })) pictures.push(picture)
  return pictures
}

const pixels = (pictures: readonly GeneratedImage[]) =>
  pictures.map((picture) => (picture.outcome === 'image' ? [...picture.image.data] : []))

const metadata = ([picture]: readonly GeneratedImage[]) =>
  picture?.outcome === 'image' ? picture.metadata : undefined

const watching = (runs: WatchedRun[]): Engine => watchedEngine(engine, (run) => runs.push(run))

async function thrown(work: () => Promise<unknown>): Promise<AssayError> {
  const error = await work().then(
    () => null,
    (cause: unknown) => cause,
  )
  if (AssayError.isInstance(error)) return error
  throw new Error(`expected an AssayError, got ${String(error)}`)
}

describe('a pipeline', () => {
  it('runs the model once a call on the rows without and with the prompt', async () => {
    const runs: WatchedRun[] = []
    const pipeline = await open({ engine: watching(runs) })
    await draw(pipeline, { guidanceScale: 2 })
    await draw(pipeline, { guidanceScale: 1 })
    const calls = runs.filter(({ part }) => part === 'unet')
    const rows = calls.map(({ feeds }) => feeds['sample']?.dims[0])
    expect(rows).toEqual([4, 4, 4, 2, 2, 2])
    expect(calls.map(({ feeds }) => feeds['timestep']?.data[0])).toEqual([
      667n,
      334n,
      1n,
      667n,
      334n,
      1n,
    ])
    // Without guidance nobody needs the empty prompt.
    expect(runs.filter(({ part }) => part === 'text_encoder')).toHaveLength(3)
  })

  it('gives a picture the same noise and seed in any batch', async () => {
    const together = await draw(await open({ batchSize: 8 }), { count: 5 })
    const apart = await draw(await open({ batchSize: 2 }), { count: 5 })
    const [alone] = await draw(await open(), { count: 1, seed: 8 })
    expect(together.map(({ seed }) => seed)).toEqual([5, 6, 7, 8, 9])
    const levels = pixels(together).map((picture, at) =>
      Math.max(
        ...picture.map((value, place) => Math.abs(value - (pixels(apart)[at]?.[place] ?? 0))),
      ),
    )
    expect(Math.max(...levels)).toBeLessThanOrEqual(1)
    expect(pixels(alone === undefined ? [] : [alone])[0]).toHaveLength(768)
  })

  it('draws nothing else where a hook does nothing', async () => {
    const pipeline = await open()
    const asked: string[] = []
    const hooked = await draw(pipeline, {
      hook: ({ index, count, prediction, condition }) => {
        asked.push(`${index} of ${count} ${prediction.dims} ${condition?.dims}`)
        return undefined
      },
    })
    expect(pixels(hooked)).toEqual(pixels(await draw(pipeline)))
    expect(asked).toEqual([0, 1, 2].map((index) => `${index} of 3 2,4,2,2 2,77,6`))
  })

  it('follows a hook that changes condition and guidance from the next call on', async () => {
    const runs: WatchedRun[] = []
    const pipeline = await open({ engine: watching(runs) })
    await draw(pipeline, {
      guidanceScale: 3,
      hook: ({ index, condition }) =>
        index === 0 && condition?.type === 'float32'
          ? { guidanceScale: 1, condition: { ...condition, data: condition.data.map(() => 0.25) } }
          : undefined,
    })
    const calls = runs.filter(({ part }) => part === 'unet').map(({ feeds }) => feeds)
    expect(calls.map((feeds) => feeds['sample']?.dims[0])).toEqual([4, 2, 2])
    const told = calls.map((feeds) => {
      const states = feeds['encoder_hidden_states']
      return states?.type === 'float32' ? new Set(states.data) : null
    })
    expect(told[0]?.size).toBeGreaterThan(10)
    expect(told[1]).toEqual(new Set([0.25]))
  })

  it('guides where a hook asks for it though the request did not', async () => {
    const runs: WatchedRun[] = []
    const pipeline = await open({ engine: watching(runs) })
    await draw(pipeline, { guidanceScale: 1, hook: () => ({ guidanceScale: 4 }) })
    const rows = runs
      .filter(({ part }) => part === 'unet')
      .map(({ feeds }) => feeds['sample']?.dims[0])
    expect(rows).toEqual([2, 4, 4])
  })

  it('refuses a condition of another shape from a hook', async () => {
    const pipeline = await open()
    const condition = { type: 'float32', dims: [1, 6], data: new Float32Array(6) } as const
    const error = await thrown(() => draw(pipeline, { hook: () => ({ condition }) }))
    expect(error.code).toBe('SHAPE_MISMATCH')
    expect(error.message).toContain('float32 [2,77,6]')
  })

  it('tells of every model call of all batches', async () => {
    const seen: string[] = []
    const progress: GenerationRequest['progress'] = ({ task, done, total }) => {
      seen.push(`${task} ${done}/${total}`)
    }
    await draw(await open({ batchSize: 1 }), { progress })
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((done) => `draw pictures ${done}/6`))
  })

  it('stops at the next model call when it is aborted, and gives no picture', async () => {
    const runs: WatchedRun[] = []
    const pipeline = await open({ engine: watching(runs) })
    const controller = new AbortController()
    const got: GeneratedImage[] = []
    const error = await thrown(async () => {
      const { signal } = controller
      const progress = () => controller.abort()
      for await (const picture of pipeline.generate({ ...request, signal, progress })) {
        got.push(picture)
      }
    })
    expect(error.code).toBe('ABORTED')
    expect(got).toEqual([])
    expect(runs.filter(({ part }) => part === 'unet')).toHaveLength(1)
  })

  it('warns of prompts that are cut, and of a negative prompt that does not count', async () => {
    const pipeline = await open()
    const long = 'cat '.repeat(80)
    const both = metadata(await draw(pipeline, { prompt: long, negativePrompt: long }))
    expect(both?.['warnings']).toMatchObject([{ code: 'PROMPTS_TRUNCATED', count: 2 }])
    const unused = await draw(pipeline, { negativePrompt: 'a', guidanceScale: 1 })
    expect(metadata(unused)?.['warnings']).toMatchObject([{ code: 'NEGATIVE_PROMPT_UNUSED' }])
    expect(metadata(await draw(pipeline))).toEqual({
      ...{ sampler: 'DDIMScheduler', steps: 3, guidanceScale: 7.5, warnings: [] },
    })
  })

  it('takes one row at a time where the graph takes no more', async () => {
    const files = stableDiffusion15()
    const free = await draw(await open({ folder: written(files) }), { guidanceScale: 2 })
    files['unet/model.onnx'] = tinyDenoiser({
      ...{ seed: 5, channels: 4, tokens: 77, width: 6, floats: 'float32', state: 'sample' },
      ...{
        timestep: { type: 'int64', shape: [1] },
        prediction: 'out_sample',
        others: [],
        batch: 1,
      },
    })
    const single = await draw(await open({ folder: written(files) }), { guidanceScale: 2 })
    expect(pixels(single)).toEqual(pixels(free))
  })

  it('has a fingerprint that any change of its files changes, and a scheduler of the caller too', async () => {
    const files = stableDiffusion15()
    const one = await open({ folder: written(files) })
    const same = await open({ folder: written(files), engine: watching([]) })
    expect(same.fingerprint).toBe(one.fingerprint)
    const euler = await open({ folder: written(files), scheduler: 'EulerDiscreteScheduler' })
    expect(euler.fingerprint).not.toBe(one.fingerprint)
    files['unet/config.json'] = { in_channels: 4, sample_size: 32 }
    expect((await open({ folder: written(files) })).fingerprint).not.toBe(one.fingerprint)
  })

  it('frees its models and leaves the engine open', async () => {
    const pipeline = await open()
    await pipeline.close()
    expect((await thrown(() => draw(pipeline))).code).toBe('ENGINE_CLOSED')
    expect(await draw(await open())).toHaveLength(2)
  })
})

describe('numbers that are none', () => {
  const poisoned = (part: string, index: number, at: number) =>
    watchedEngine(
      engine,
      () => {},
      (run, outputs) => {
        const [tensor] = Object.values(outputs)
        if (run.part === part && run.index === index && tensor?.type === 'float32') {
          tensor.data[at] = Number.NaN
        }
      },
    )

  it('are named by model call and sample', async () => {
    const pipeline = await open({ engine: poisoned('unet', 1, 20) })
    const error = await thrown(() => draw(pipeline, { guidanceScale: 1 }))
    expect(error.code).toBe('NOT_FINITE')
    expect(error.message).toMatch(/model call 1 \(timestep 334\) for sample 1 \(seed 6\)/)
  })

  it('are named by seed where the decoder gives them', async () => {
    const pipeline = await open({ engine: poisoned('vae_decoder', 1, 0) })
    const error = await thrown(() => draw(pipeline))
    expect([error.code, error.location.id]).toEqual(['NOT_FINITE', '6'])
    expect(error.message).toContain('vae_decoder')
  })

  it('are named by output where a text encoder gives them', async () => {
    const pipeline = await open({ engine: poisoned('text_encoder', 0, 3) })
    const error = await thrown(() => draw(pipeline))
    expect(error.code).toBe('NOT_FINITE')
    expect(error.message).toMatch(/text_encoder.*gave NaN as last_hidden_state/)
  })
})

describe('requests that cannot be met', () => {
  it.each([
    [{ count: 0 }, /number of pictures/],
    [{ seed: 0.5 }, /safe whole numbers/],
    [{ width: 20 }, /width 20/],
    [{ height: 0 }, /height 0/],
    [{ steps: 0 }, /number of steps/],
  ])('are refused: %o', async (more, message) => {
    const error = await thrown(async () => draw(await open(), more))
    expect(error.code).toBe('INVALID_ARGUMENT')
    expect(error.message).toMatch(message)
  })
})

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
      scheduler({ _class_name: 'PNDMScheduler' }),
      'MODEL_INCOMPATIBLE',
      /PNDM/,
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
      ...watching([]),
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
    const folder = written(scheduler({ _class_name: 'PNDMScheduler', skip_prk_steps: true }))
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

describe('the files of a pipeline', () => {
  const expectedOf = (folder: string, paths: readonly string[]) =>
    paths.map((path) => {
      const content = readFileSync(join(folder, path))
      return { path, bytes: content.length, sha256: sha256(content) }
    })
  const paths = Object.keys(stableDiffusion15())

  it('are those that the caller expects', async () => {
    const folder = written(stableDiffusion15())
    const files = expectedOf(folder, paths)
    expect(await draw(await open({ folder, files }))).toHaveLength(2)
  })

  it.each(['unet/model.onnx', 'tokenizer/merges.txt', 'scheduler/scheduler_config.json'])(
    'are refused after one byte of %s was changed',
    async (path) => {
      const folder = written(stableDiffusion15())
      const files = expectedOf(folder, paths)
      const content = readFileSync(join(folder, path))
      content[content.length - 2] = (content[content.length - 2] ?? 0) ^ 1
      writeFileSync(join(folder, path), content)
      const error = await thrown(() => open({ folder, files }))
      expect(error.code).toBe('MODEL_HASH_MISMATCH')
      expect(error.location.file).toContain(path)
    },
  )

  it('are all expected ones: data beside a graph that nobody named are refused', async () => {
    const folder = written(stableDiffusion15())
    const files = expectedOf(folder, paths)
    writeFileSync(join(folder, 'unet', 'model.onnx_data'), 'weights')
    const error = await thrown(() => open({ folder, files }))
    expect([error.code, error.value]).toEqual(['MODEL_NOT_PINNED', 'unet/model.onnx_data'])
  })

  it("are those of the folder's own card where it has one", async () => {
    const folder = written(stableDiffusion15())
    const card = {
      ...{
        schemaVersion: 1,
        kind: 'pipeline',
        id: 'test/tiny',
        title: 'Tiny',
        description: 'For a test.',
      },
      ...{ licence: 'Apache-2.0', commercialUse: true, source: 'this test', attribution: null },
      ...{ files: expectedOf(folder, paths), defaults: { steps: 2, guidanceScale: 1.5 } },
      ...{ sheet: null, quality: [] },
    }
    writeFileSync(join(folder, 'pipeline-card.json'), JSON.stringify(card))
    const pipeline = await openPipeline({ folder, engine })
    expect([pipeline.id, pipeline.card?.title]).toEqual(['test/tiny', 'Tiny'])
    expect(metadata(await draw(pipeline))).toMatchObject({ steps: 2, guidanceScale: 1.5 })
    writeFileSync(join(folder, 'unet/config.json'), '{"in_channels": 4}')
    expect((await thrown(() => openPipeline({ folder, engine }))).code).toBe('MODEL_HASH_MISMATCH')
    writeFileSync(join(folder, 'pipeline-card.json'), JSON.stringify({ ...card, extra: 1 }))
    expect((await thrown(() => openPipeline({ folder, engine }))).code).toBe('MODEL_INCOMPATIBLE')
  })
})
