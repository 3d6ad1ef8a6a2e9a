import { describe, expect, it } from 'vitest'
import { drawn, failure, thrown } from '../__fixtures__/drawn.js'
import { type Answer, bytes, json, startService } from '../__fixtures__/loopback-service.js'
import { pngOf } from '../__fixtures__/pictures.js'
import { createOpenAIGenerator } from './create-openai-generator.js'

const base64 = (await pngOf(1)).toString('base64')

/** Draws as many pictures as it is asked for. */
const faithful: Answer = (exchange) => {
  const { n } = exchange.body as { n: number }
  const data = Array.from({ length: n }, () => ({ b64_json: base64 }))
  json({ created: 1, data })(exchange)
}

async function set(model: string, answer: Answer = faithful, options = {}) {
  const server = await startService(answer)
  const generator = createOpenAIGenerator({
    model,
    baseUrl: `${server.url}/v1/`,
    key: 'sk-1',
    backOffSeconds: 0.001,
    ...options,
  })
  return { server, generator }
}

describe('createOpenAIGenerator', () => {
  it('asks as the interface says, with the key', async () => {
    const { server, generator } = await set('gpt-image-1', faithful, {
      parameters: { quality: 'low' },
    })
    await drawn(generator, { width: 1024, height: 1536 })
    const [request] = server.requests
    expect(request).toMatchObject({ method: 'POST', path: '/v1/images/generations' })
    expect(request?.headers).toMatchObject({
      authorization: 'Bearer sk-1',
      'content-type': 'application/json',
    })
    expect(request?.body).toEqual({
      model: 'gpt-image-1',
      prompt: 'a red fox',
      n: 1,
      size: '1024x1536',
      quality: 'low',
    })
  })

  it('asks for base64 where a model would answer with addresses', async () => {
    for (const model of ['dall-e-2', 'dall-e-3', 'somebody-elses-model']) {
      const { server, generator } = await set(model)
      await drawn(generator)
      expect(server.requests[0]?.body).toMatchObject({ model, response_format: 'b64_json' })
    }
  })

  it('says that the seed was not honoured, and what the prompt became', async () => {
    const data = [{ b64_json: base64, revised_prompt: 'a very red fox' }]
    const answer = json(
      { created: 1, data, quality: 'high', size: '1024x1024' },
      { headers: { 'x-request-id': 'req_1' } },
    )
    const { generator } = await set('dall-e-3', answer)
    const [image] = await drawn(generator)
    expect(generator.id).toBe('openai/dall-e-3')
    expect(image).toMatchObject({
      seed: 7,
      metadata: {
        service: 'openai',
        model: 'dall-e-3',
        requestId: 'req_1',
        seedHonoured: false,
        sizeHonoured: null,
        batchSize: 1,
        revisedPrompt: 'a very red fox',
        details: { quality: 'high', size: '1024x1024' },
      },
    })
  })

  it('draws several pictures a request where it is told to, the last ones in a smaller one', async () => {
    const { server, generator } = await set('dall-e-2', faithful, { batchSize: 4 })
    const images = await drawn(generator, { count: 9 })
    expect(images.map(({ seed }) => seed)).toEqual([7, 8, 9, 10, 11, 12, 13, 14, 15])
    const counts = server.requests.map(({ body }) => (body as { n: number }).n)
    expect(counts.sort()).toEqual([1, 4, 4])
  })

  it.each([
    ['gpt-image-1', 11],
    ['dall-e-2', 11],
    ['dall-e-3', 2],
    ['gpt-image-1', 0],
    ['gpt-image-1', 1.5],
  ])('knows that %s draws no %f pictures a request', (model, batchSize) => {
    expect(thrown(() => createOpenAIGenerator({ model, batchSize })).code).toBe('INVALID_ARGUMENT')
  })

  it.each([
    ['dall-e-2', 1000],
    ['dall-e-3', 4000],
    ['gpt-image-1-mini', 32_000],
  ])('knows the longest prompt of %s, in characters', async (model, most) => {
    const { server, generator } = await set(model)
    await drawn(generator, { prompt: '🦊'.repeat(most) })
    const error = await failure(drawn(generator, { prompt: 'a'.repeat(most + 1) }))
    expect(error).toMatchObject({ code: 'LIMIT_EXCEEDED', value: most + 1 })
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    ['dall-e-2', 1024, 1792],
    ['dall-e-3', 512, 512],
    ['gpt-image-1.5', 1792, 1024],
  ])('knows that %s draws no %i × %i pixels', async (model, width, height) => {
    const { server, generator } = await set(model)
    const error = await failure(drawn(generator, { width, height }))
    expect(error.code).toBe('INVALID_ARGUMENT')
    expect(error.remedy).toContain('1024x1024')
    expect(server.requests).toHaveLength(0)
  })

  it.each(['negativePrompt', 'steps', 'guidanceScale'])(
    'does not leave %s out in silence',
    async (name) => {
      const { generator } = await set('gpt-image-1')
      const error = await failure(
        drawn(generator, { [name]: name === 'negativePrompt' ? 'fog' : 3 }),
      )
      expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
      expect(error.message).toContain(name)
    },
  )

  it.each([
    ['content_policy_violation', 'Your request was rejected.'],
    ['moderation_blocked', 'Rejected by the safety system.'],
    ['content_filter', 'The response was filtered.'],
  ])('takes %s for an outcome', async (code, message) => {
    const refusal = json(
      { error: { code, message, type: 'image_generation_user_error' } },
      { status: 400 },
    )
    const { server, generator } = await set('gpt-image-1', refusal, { concurrency: 1 })
    const reason = `${code}: ${message.slice(0, -1)}`
    expect(await drawn(generator, { count: 2 })).toEqual([
      { outcome: 'rejected', seed: 7, reason },
      { outcome: 'rejected', seed: 8, reason },
    ])
    expect(server.requests).toHaveLength(2)
  })

  it('goes on after a refusal of one picture', async () => {
    const { server, generator } = await set('gpt-image-1', faithful, { concurrency: 1 })
    server.faults.push(
      json({ error: { code: 'moderation_blocked', message: '' } }, { status: 400 }),
    )
    const outcomes = (await drawn(generator, { count: 3 })).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['rejected', 'image', 'image'])
  })

  it('takes a picture of a batch that was left out by moderation for refused', async () => {
    const data = [{ b64_json: base64 }, { b64_json: '', respect_moderation: false }]
    const { generator } = await set('grok-image', json({ data }), { batchSize: 2 })
    const outcomes = (await drawn(generator, { count: 2 })).map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['image', 'rejected'])
  })

  it('does not ask again where the account is used up', async () => {
    const quota = { error: { code: 'insufficient_quota', message: 'You exceeded your quota.' } }
    const { server, generator } = await set('gpt-image-1', json(quota, { status: 429 }))
    expect((await failure(drawn(generator))).code).toBe('ACCESS_DENIED')
    expect(server.requests).toHaveLength(1)
  })

  it.each([0, 1, 3, 1000])('does not take %i pictures for two', async (count) => {
    const data = Array.from({ length: count }, () => ({ url: '/pictures/1.png' }))
    const { server, generator } = await set('dall-e-2', json({ data }), { batchSize: 2 })
    const error = await failure(drawn(generator, { count: 2 }))
    expect(error.message).toContain(`${count} pictures where 2 were asked for`)
    expect(server.requests).toHaveLength(1)
  })

  it('says so where a picture is empty, or its base64 is cut off', async () => {
    const empty = await set('gpt-image-1', json({ data: [{}] }))
    expect((await failure(drawn(empty.generator))).code).toBe('NETWORK_FAILED')
    const cut = await set('gpt-image-1', json({ data: [{ b64_json: base64.slice(0, -5) }] }))
    expect((await failure(drawn(cut.generator))).code).toBe('IMAGE_CORRUPT')
    const shorter = await set('gpt-image-1', json({ data: [{ b64_json: base64.slice(0, -48) }] }))
    expect((await failure(drawn(shorter.generator))).code).toBe('IMAGE_TRUNCATED')
  })
})

describe('pictures that an answer only gives the address of', () => {
  const picture: Answer = bytes(Buffer.from(base64, 'base64'), 'image/png')
  const answering = (url: string) => json({ data: [{ url }] })

  it('are fetched from an origin that is allowed, without the key', async () => {
    const storage = await startService(picture)
    const { generator } = await set('dall-e-3', answering(`${storage.url}/1.png?sig=hush`), {
      pictureOrigins: [storage.url],
    })
    const [image] = await drawn(generator)
    expect(image?.outcome).toBe('image')
    expect(storage.requests[0]?.path).toBe('/1.png?sig=hush')
    expect(storage.requests[0]?.headers['authorization']).toBe(undefined)
  })

  it('are not fetched from where these redirect to', async () => {
    const canary = await startService(picture)
    const storage = await startService(({ response }) => {
      response.writeHead(302, { location: canary.url }).end()
    })
    const { generator } = await set('dall-e-3', answering(`${storage.url}/1.png`), {
      pictureOrigins: [storage.url],
    })
    expect((await failure(drawn(generator))).code).toBe('URL_REFUSED')
    expect(canary.connections).toBe(0)
  })

  it('are fetched from nowhere else: no socket is opened', async () => {
    const canary = await startService(picture)
    const port = new URL(canary.url).port
    const addresses = [
      `http://127.0.0.1:${port}/1.png`,
      `http://localhost:${port}/1.png`,
      `http://localhost.:${port}/1.png`,
      `http://2130706433:${port}/1.png`,
      `http://0x7f000001:${port}/1.png`,
      `http://0177.0.0.1:${port}/1.png`,
      `http://127.1:${port}/1.png`,
      `http://0.0.0.0:${port}/1.png`,
      `http://[::1]:${port}/1.png`,
      `http://[::ffff:127.0.0.1]:${port}/1.png`,
      `//127.0.0.1:${port}/1.png`,
      `\\\\127.0.0.1:${port}\\1.png`,
      'http://169.254.169.254/latest/meta-data/',
      'http://10.0.0.1/1.png',
      'https://elsewhere.example/1.png',
      'file:///etc/passwd',
      'ftp://127.0.0.1/1.png',
      'data:image/png;base64,AAAA',
      'javascript:alert(1)',
      'blob:null/1',
      'http://',
      `http://user@127.0.0.1:${port}/1.png`,
    ]
    for (const address of addresses) {
      const { server, generator } = await set('dall-e-3', answering(address))
      const error = await failure(drawn(generator))
      expect(error.code, address).toBe('URL_REFUSED')
      expect(error.remedy).toContain('pictureOrigins')
      expect(server.requests).toHaveLength(1)
    }
    expect(canary.connections).toBe(0)
  })

  it('are not fetched as another user of the own origin', async () => {
    const { server, generator } = await set('dall-e-3', (exchange) => {
      const { host } = exchange.headers
      answering(`http://user:word@${host}/1.png`)(exchange)
    })
    expect((await failure(drawn(generator))).code).toBe('URL_REFUSED')
    expect(server.requests).toHaveLength(1)
  })

  it.each([
    'storage.example',
    'https://storage.example/',
    'https://*.example',
    'file:///',
    'data:',
  ])('have no origin %j', (origin) => {
    const options = { model: 'dall-e-3', pictureOrigins: [origin] }
    expect(thrown(() => createOpenAIGenerator(options)).code).toBe('INVALID_ARGUMENT')
  })
})
