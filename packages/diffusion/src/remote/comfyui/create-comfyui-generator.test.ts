import { describe, expect, it } from 'vitest'
import { drawn, failure, thrown } from '../__fixtures__/drawn.js'
import { type Answer, bytes, json, startService } from '../__fixtures__/loopback-service.js'
import { pixelsOf, pngOf } from '../__fixtures__/pictures.js'
import { history, workflow } from '../__fixtures__/services.js'
import type { ComfyUIGeneratorOptions } from './comfyui-options.js'
import { createComfyUIGenerator } from './create-comfyui-generator.js'

interface Queued {
  readonly prompt: Record<string, { inputs: Record<string, unknown> }>
  readonly client_id: string
}

/** A server of which the answers to polling, and pictures by file name, can be told. */
async function set(
  told: {
    /** Histories by the number of the poll of a workflow; the last one stays. */
    readonly histories?: (id: string) => readonly unknown[]
    readonly view?: Answer
    readonly submit?: Answer
  } = {},
  options: Partial<ComfyUIGeneratorOptions> = {},
) {
  const { histories = (id: string) => [history(id)] } = told
  const queued: Queued[] = []
  const forgotten: unknown[] = []
  const polls = new Map<string, number>()
  const picture = await pngOf(1)
  const submit: Answer = (exchange) => {
    queued.push(exchange.body as Queued)
    json({ prompt_id: `id-${queued.length}`, number: queued.length, node_errors: {} })(exchange)
  }
  const server = await startService((exchange) => {
    const id = /^\/history\/(.*)$/.exec(exchange.path)?.[1]
    if (exchange.path === '/prompt') (told.submit ?? submit)(exchange)
    else if (id !== undefined) {
      const poll = polls.get(id) ?? 0
      polls.set(id, poll + 1)
      const all = histories(id)
      json(all[Math.min(poll, all.length - 1)])(exchange)
    } else if (exchange.path === '/queue') {
      forgotten.push(exchange.body)
      exchange.response.end()
    } else (told.view ?? bytes(picture, 'image/png'))(exchange)
  })
  const generator = createComfyUIGenerator({
    workflow,
    baseUrl: server.url,
    pollSeconds: 0.001,
    backOffSeconds: 0.001,
    ...options,
  })
  return { server, generator, queued, forgotten, polls }
}

const image = (filename: string, type = 'output') => ({ filename, subfolder: '', type })

const withOutputs = (id: string, outputs: unknown) => ({
  [id]: { outputs, status: { status_str: 'success', completed: true, messages: [] } },
})

const failed = (id: string, messages: unknown[]) => ({
  [id]: { outputs: {}, status: { status_str: 'error', completed: false, messages } },
})

describe('createComfyUIGenerator', () => {
  it('fills the workflow, waits while the history is empty, and fetches the picture', async () => {
    const { server, generator, queued, polls } = await set({
      histories: (id) => [{}, {}, {}, history(id)],
    })
    const [first] = await drawn(generator, { negativePrompt: 'fog', seed: 2 ** 40 })
    expect(first).toMatchObject({
      outcome: 'image',
      seed: 2 ** 40,
      image: { data: pixelsOf(1) },
      metadata: {
        service: 'comfyui',
        requestId: 'id-1',
        seedHonoured: null,
        details: { filename: 'a b.png' },
      },
    })
    expect(polls.get('id-1')).toBe(4)
    expect(queued[0]?.prompt).toMatchObject({
      '3': { inputs: { seed: 2 ** 40, positive: ['6', 0] } },
      '6': { inputs: { text: 'a red fox' } },
      '7': { inputs: { text: 'fog' } },
    })
    expect(queued[0]?.client_id).toMatch(/^[0-9a-f-]{36}$/)
    expect(server.requests.at(-1)?.path).toBe('/view?filename=a+b.png&subfolder=s&type=output')
  })

  it('gives every picture its own seed', async () => {
    const { generator, queued } = await set()
    expect(await drawn(generator, { count: 3 })).toHaveLength(3)
    expect(queued.map(({ prompt }) => prompt['3']?.inputs['seed'])).toEqual([7, 8, 9])
  })

  it('saves under another name what came from the cache without a picture', async () => {
    const { generator, queued } = await set({
      histories: (id) => [id === 'id-1' ? withOutputs(id, {}) : history(id)],
    })
    expect((await drawn(generator))[0]).toMatchObject({
      outcome: 'image',
      metadata: { requestId: 'id-2' },
    })
    const [first, second] = queued.map(({ prompt }) => prompt)
    expect(first?.['9']?.inputs['filename_prefix']).toBe('ComfyUI')
    expect(second?.['9']?.inputs['filename_prefix']).toMatch(/^ComfyUI-[0-9a-f]{8}$/)
    expect({ ...second, '9': null }).toEqual({ ...first, '9': null })
  })

  it('does the same where the file of a picture from the cache is gone', async () => {
    const { server, generator, queued } = await set()
    server.isFaulty = (path) => path.startsWith('/view')
    server.faults.push(({ response }) => void response.writeHead(404).end())
    expect((await drawn(generator))[0]?.outcome).toBe('image')
    expect(queued).toHaveLength(2)
  })

  it('says so where that does not help, or where nothing is saved', async () => {
    const histories = (id: string) => [withOutputs(id, {})]
    const saving = await set({ histories })
    expect((await failure(drawn(saving.generator))).message).toContain('without a picture')
    expect(saving.queued).toHaveLength(2)
    const preview = {
      ...workflow,
      '9': { class_type: 'PreviewImage', inputs: { images: ['3', 0] } },
    }
    const previewing = await set({ histories }, { workflow: preview })
    expect((await failure(drawn(previewing.generator))).remedy).toContain('SaveImage')
    expect(previewing.queued).toHaveLength(1)
  })

  it('takes what is saved, not what is shown on the way', async () => {
    const outputs = {
      '4': { images: [image('step.png', 'temp')] },
      '5': { text: ['words'] },
      '9': { images: [image('done.png')] },
    }
    const { generator } = await set({ histories: (id) => [withOutputs(id, outputs)] })
    expect((await drawn(generator))[0]).toMatchObject({
      metadata: { details: { filename: 'done.png' } },
    })
    const named = await set(
      { histories: (id) => [withOutputs(id, { '9': outputs['4'] })] },
      { outputNode: '9' },
    )
    expect((await drawn(named.generator))[0]).toMatchObject({
      metadata: { details: { filename: 'step.png' } },
    })
  })

  it('does not choose between several pictures, unless their node is named', async () => {
    const outputs = { '3': { images: [image('a.png')] }, '9': { images: [image('b.png')] } }
    const histories = (id: string) => [withOutputs(id, outputs)]
    const { generator } = await set({ histories })
    expect((await failure(drawn(generator))).message).toContain('2 pictures where 1 were')
    const named = await set({ histories }, { outputNode: '3' })
    expect((await drawn(named.generator))[0]).toMatchObject({
      metadata: { details: { filename: 'a.png' } },
    })
    const batch = withOutputs('id-1', { '9': { images: [image('a.png'), image('b.png')] } })
    const batched = await set({ histories: () => [batch] }, { outputNode: '9' })
    expect((await failure(drawn(batched.generator))).code).toBe('NETWORK_FAILED')
  })

  it('names the node that failed while it ran', async () => {
    const failure1 = {
      node_id: '3',
      node_type: 'KSampler',
      exception_message: 'Allocation\n on device',
    }
    const cases: [unknown[], string][] = [
      [[['execution_error', failure1]], 'node 3 (KSampler): Allocation on device'],
      [[['execution_interrupted', { node_id: '3' }]], 'somebody interrupted it'],
      [[], 'its status is error'],
    ]
    for (const [messages, words] of cases) {
      const { generator } = await set({ histories: (id) => [failed(id, messages)] })
      const error = await failure(drawn(generator))
      expect(error.code).toBe('NETWORK_FAILED')
      expect(error.message).toContain(words)
    }
  })

  it('names the node that the server finds fault with, also where it would go on', async () => {
    const node_errors = {
      '4': {
        class_type: 'CheckpointLoaderSimple',
        errors: [
          { type: 'value_not_in_list', message: 'Value not in list', details: "ckpt_name: 'x'" },
        ],
      },
    }
    const refused = {
      error: { type: 'prompt_outputs_failed_validation', message: 'Failed' },
      node_errors,
    }
    for (const submit of [json(refused, { status: 400 }), json({ prompt_id: 'a', node_errors })]) {
      const { generator } = await set({ submit })
      const error = await failure(drawn(generator))
      expect(error.code).toBe('INVALID_ARGUMENT')
      expect(error.message).toContain(
        "node 4 (CheckpointLoaderSimple): Value not in list ckpt_name: 'x'",
      )
    }
  })

  it('gives up after a time, and takes the workflow out of the queue', async () => {
    const { generator, forgotten } = await set({ histories: () => [{}] }, { workflowSeconds: 0.1 })
    const error = await failure(drawn(generator))
    expect(error.message).toContain('within 0.1 s')
    expect(forgotten).toEqual([{ delete: ['id-1'] }])
  })

  it('takes the workflow out of the queue when its caller stops', async () => {
    const { generator, forgotten, polls } = await set({ histories: () => [{}] })
    const caller = new AbortController()
    const work = failure(drawn(generator, { signal: caller.signal }))
    await expect.poll(() => polls.get('id-1') ?? 0).toBeGreaterThan(2)
    caller.abort()
    expect((await work).code).toBe('ABORTED')
    expect(forgotten).toEqual([{ delete: ['id-1'] }])
  })

  it('is not deceived by an id that every object has', async () => {
    const submit = json({ prompt_id: 'constructor', node_errors: [] })
    const { generator } = await set({ submit, histories: () => [{}] }, { workflowSeconds: 0.05 })
    expect((await failure(drawn(generator))).message).toContain('did not finish')
  })

  it('refuses what the workflow has no place for, and draws with defaults', async () => {
    const { generator, server } = await set()
    const error = await failure(drawn(generator, { width: 64, height: 64 }))
    expect(error.message).toContain('takes no width')
    expect(server.requests).toHaveLength(0)
    const sized = {
      ...workflow,
      '5': { class_type: 'EmptyLatentImage', inputs: { width: '{{width}}', height: '{{height}}' } },
    }
    const { generator: able, queued } = await set(
      {},
      { workflow: sized, defaults: { width: 512, height: 512 } },
    )
    await drawn(able)
    await drawn(able, { width: 64, height: 32 })
    expect(queued.map(({ prompt }) => prompt['5']?.inputs)).toEqual([
      { width: 512, height: 512 },
      { width: 64, height: 32 },
    ])
  })

  it('refuses an output node that the workflow has not', () => {
    const error = thrown(() => createComfyUIGenerator({ workflow, outputNode: '10' }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', value: '10' })
    const inherited = thrown(() => createComfyUIGenerator({ workflow, outputNode: 'constructor' }))
    expect(inherited.code).toBe('INVALID_ARGUMENT')
  })

  it.each(['workflowSeconds', 'pollSeconds'])('takes no %s below zero', (name) => {
    const error = thrown(() => createComfyUIGenerator({ workflow, [name]: -1 }))
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', value: -1 })
  })
})
