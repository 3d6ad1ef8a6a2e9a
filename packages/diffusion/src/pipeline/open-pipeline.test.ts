import type { Engine, GeneratedImage, GenerationRequest } from '@assay/core'
import { afterAll, describe, expect, it } from 'vitest'
import {
  draw,
  metadata,
  pipelineKit,
  pixels,
  request,
  thrown,
} from './__fixtures__/pipeline-kit.js'
import { tinyDenoiser } from './__fixtures__/tiny-graphs.js'
import { stableDiffusion15 } from './__fixtures__/tiny-pipelines.js'
import { type WatchedRun, watchedEngine } from './__fixtures__/watched-engine.js'

const { engine, written, open, close } = pipelineKit()
afterAll(close)

const watching = (runs: WatchedRun[]): Engine => watchedEngine(engine, (run) => runs.push(run))

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

  it('draws with the sampler that Stable Diffusion 1.5 comes with, one call more than steps', async () => {
    const path = 'scheduler/scheduler_config.json'
    const files = stableDiffusion15()
    const config = {
      ...(files[path] as object),
      _class_name: 'PNDMScheduler',
      skip_prk_steps: true,
    }
    const pipeline = await open({ folder: written({ ...files, [path]: config }) })
    const asked: number[][] = []
    const drawn = await draw(pipeline, {
      hook: ({ index, count, timestep }) => void asked.push([index, count, timestep]),
    })
    expect(metadata(drawn)).toMatchObject({ sampler: 'PNDMScheduler', steps: 3 })
    expect(asked).toEqual([
      [0, 4, 667],
      [1, 4, 334],
      [2, 4, 334],
      [3, 4, 1],
    ])
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
