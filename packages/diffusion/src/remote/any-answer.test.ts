import { AssayError } from '@assay/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawn, printed } from './__fixtures__/drawn.js'
import { type Answer, startService } from './__fixtures__/loopback-service.js'
import { services } from './__fixtures__/services.js'

/** Names that the services use, so that answers of chance come close to theirs. */
const names = fc.constantFrom(
  ...[
    'data',
    'b64_json',
    'url',
    'images',
    'info',
    'error',
    'code',
    'message',
    'detail',
    'prompt_id',
  ],
  ...[
    'node_errors',
    'errors',
    'outputs',
    'status',
    'status_str',
    'messages',
    'estimated_time',
    'the-id',
    '9',
  ],
)
const words = fc.constantFrom(
  'moderation_blocked',
  'AAAA',
  '/',
  'the-id',
  'error',
  '{}',
  'http://127.0.0.1:1/',
)

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(words, fc.string(), fc.double(), fc.constantFrom(null, true, false)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  ),
}))

const statuses = fc.constantFrom(200, 200, 200, 204, 206, 304, 400, 404, 418, 429, 500, 503, 599)

const bodies = fc.oneof(
  { weight: 4, arbitrary: value.map((each) => Buffer.from(JSON.stringify(each))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each)) },
)

describe.each(Object.entries(services))('%s', (_, { create, faithful, isFaulty, key }) => {
  it('makes a refusal or a typed error of any answer that is no picture', async () => {
    const server = await startService(faithful)
    server.isFaulty = isFaulty
    const generator = create({ baseUrl: server.url, key, retries: 0, timeoutSeconds: 5 })
    await fc.assert(
      fc.asyncProperty(statuses, bodies, async (status, body) => {
        const fault: Answer = ({ response }) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end(body)
        }
        server.fault = fault
        const outcome = await drawn(generator).catch((error: unknown) => error)
        const isTyped = AssayError.isInstance(outcome) && !/aborted|internal/.test(outcome.kind)
        const isRefusal = Array.isArray(outcome) && outcome[0]?.outcome === 'rejected'
        if (!isTyped && !isRefusal) expect.fail(printed(outcome))
      }),
      { seed: 8, numRuns: 100 },
    )
  })
})
