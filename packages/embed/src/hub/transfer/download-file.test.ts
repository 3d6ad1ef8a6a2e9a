import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, createRandom } from '@assay/core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoopbackHub, startHub } from '../../__fixtures__/loopback-hub.js'
import { hubAccess } from '../hub-options.js'
import type { ContentId } from './content-hash.js'
import { downloadFile, incompleteName } from './download-file.js'

const random = createRandom(3)
const content = Buffer.from(Uint8Array.from({ length: 300_000 }, () => random.integer(256)))
const sha256 = createHash('sha256').update(content).digest('hex')
const gitBlob = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex')

let folder: string
let target: string
let hub: LoopbackHub
let counts: number[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'assay-download-'))
  target = join(folder, 'image.onnx')
  hub = await startHub({ 'image.onnx': content })
  counts = []
})
afterEach(async () => {
  await hub.close()
  rmSync(folder, { recursive: true })
})

interface Change {
  readonly sha256?: string | null
  readonly gitBlob?: string | null
  readonly bytes?: number
  readonly retries?: number
  readonly stallSeconds?: number
  readonly signal?: AbortSignal
}

function download(change: Change = {}): Promise<ContentId> {
  const { retries = 5, stallSeconds = 5, signal, ...expected } = change
  const url = new URL(`${hub.url}/owner/name/resolve/main/image.onnx`)
  return downloadFile(
    {
      url,
      target,
      bytes: content.length,
      sha256,
      gitBlob: null,
      onBytes: (present) => counts.push(present),
      ...expected,
    },
    hubAccess({
      hub: hub.url,
      backOffSeconds: 0.001,
      retries,
      stallSeconds,
      ...(signal && { signal }),
    }),
  )
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => (AssayError.isInstance(error) ? error.code : String(error)),
  )

const expectWhole = () => {
  expect(readFileSync(target).equals(content)).toBe(true)
  expect(existsSync(incompleteName(target))).toBe(false)
}

const expectNothing = () => {
  expect(existsSync(target)).toBe(false)
  expect(existsSync(incompleteName(target))).toBe(false)
}

describe('a file from a faithful server', () => {
  it('arrives once, is hashed, and gets its name in the end', async () => {
    expect(await download()).toEqual({ sha256, gitBlob: null })
    expectWhole()
    expect(hub.requests).toHaveLength(1)
    expect(hub.requests[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' })
    expect(counts.at(-1)).toBe(content.length)
  })

  it('that lists git ids is known by them', async () => {
    expect(await download({ sha256: null, gitBlob })).toEqual({ sha256, gitBlob })
    expectWhole()
    rmSync(target)
    const wrong = download({ sha256: null, gitBlob: '0'.repeat(40) })
    expect(await codeOf(wrong)).toBe('MODEL_HASH_MISMATCH')
    expectNothing()
  })

  it('may be empty', async () => {
    const nothing = createHash('sha256').digest('hex')
    expect(await download({ bytes: 0, sha256: nothing })).toMatchObject({ sha256: nothing })
    expect(readFileSync(target)).toHaveLength(0)
    expect(hub.requests).toHaveLength(0)
  })
})

describe('a server that cuts', () => {
  it('at eight points is gone on with, at no more than 1.05 times the bytes', async () => {
    const points = [0, 1, 1000, 65_536, 100_001, 200_000, 299_998, 299_999]
    for (const point of points) {
      hub.faults.push(({ serve, start }) => serve({ cutAfter: Math.max(0, point - start) }))
    }
    await download()
    expectWhole()
    expect(hub.requests).toHaveLength(9)
    expect(hub.requests.slice(2).every(({ headers }) => headers.range !== undefined)).toBe(true)
    expect(hub.sentBytes).toBeLessThanOrEqual(content.length * 1.05)
  })

  it('without ever getting further is given up, and what came is kept', async () => {
    hub.fault = ({ serve, start }) => serve({ cutAfter: Math.max(0, 1000 - start) })
    expect(await codeOf(download({ retries: 3 }))).toBe('NETWORK_FAILED')
    expect(hub.requests).toHaveLength(4)
    expect(readFileSync(incompleteName(target))).toHaveLength(1000)
    hub.fault = null
    await download()
    expectWhole()
    expect(hub.requests[4]?.headers.range).toBe('bytes=1000-')
  })

  it('a little further each time is given up in the end', async () => {
    hub.fault = ({ serve }) => serve({ cutAfter: 10 })
    expect(await codeOf(download({ retries: 4 }))).toBe('NETWORK_FAILED')
    expect(hub.requests).toHaveLength(5)
  })

  it('and does not know ranges sends all again', async () => {
    hub.faults.push(
      ({ serve }) => serve({ cutAfter: 100_000 }),
      ({ serve }) => serve({ ignoreRange: true }),
    )
    await download()
    expectWhole()
    expect(counts).toContain(100_000)
  })

  it('and then has another version is asked for all of it', async () => {
    const changed = Buffer.from(content.toReversed())
    const etag = '"another"'
    hub.faults.push(({ serve }) => serve({ cutAfter: 100_000 }))
    hub.fault = ({ serve }) => serve({ content: changed, etag })
    expect(await codeOf(download())).toBe('MODEL_HASH_MISMATCH')
    expectNothing()
    expect(hub.requests[1]?.headers['if-range']).toBe(`"${sha256}"`)
  })

  it('and answers with a part of another version starts anew', async () => {
    hub.faults.push(
      ({ serve }) => serve({ cutAfter: 100_000 }),
      ({ response, start }) => {
        const range = `bytes ${start}-${content.length - 1}/${content.length}`
        response.writeHead(206, { etag: '"another"', 'content-range': range })
        response.end(Buffer.alloc(content.length - start))
      },
    )
    await download()
    expectWhole()
    expect(hub.requests[2]?.headers.range).toBeUndefined()
  })

  it.each([
    ['another part', 'bytes 0-299999/300000'],
    ['a part that it does not name', undefined],
    ['nonsense', 'octets 100000-1/2'],
  ])('and answers with %s starts anew', async (_, range) => {
    hub.faults.push(
      ({ serve }) => serve({ cutAfter: 100_000 }),
      ({ response, etag }) => {
        response.writeHead(206, { etag, ...(range && { 'content-range': range }) })
        response.end(content.subarray(100_000))
      },
    )
    await download()
    expectWhole()
  })

  it('and sends less than was asked for is asked for the rest', async () => {
    hub.faults.push(
      ({ serve }) => serve({ cutAfter: 100_000 }),
      ({ response, etag }) => {
        response.writeHead(206, { etag, 'content-range': 'bytes 100000-149999/300000' })
        response.end(content.subarray(100_000, 150_000))
      },
    )
    await download()
    expectWhole()
    expect(hub.sentBytes + 50_000).toBe(content.length)
  })

  it('and refuses the part (416) starts anew', async () => {
    hub.faults.push(
      ({ serve }) => serve({ cutAfter: 100_000 }),
      ({ response }) => response.writeHead(416, { 'content-range': 'bytes */9' }).end(),
    )
    await download()
    expectWhole()
  })

  it('and refuses all parts and all wholes is given up', async () => {
    hub.fault = ({ response }) => response.writeHead(416).end()
    expect(await codeOf(download({ retries: 2 }))).toBe('NETWORK_FAILED')
    expect(hub.requests).toHaveLength(3)
  })
})

describe('what an earlier process left', () => {
  it('is hashed anew and gone on with', async () => {
    writeFileSync(incompleteName(target), content.subarray(0, 250_000))
    await download()
    expectWhole()
    expect(hub.sentBytes).toBe(50_000)
    expect(counts[0]).toBe(250_000)
  })

  it('may be all of it', async () => {
    writeFileSync(incompleteName(target), content)
    await download()
    expectWhole()
    expect(hub.requests).toHaveLength(0)
  })

  it('is dropped where it is longer than the file', async () => {
    writeFileSync(incompleteName(target), Buffer.alloc(content.length + 1))
    await download()
    expectWhole()
  })

  it('is dropped where it is of another content, after one more download', async () => {
    writeFileSync(incompleteName(target), Buffer.alloc(1000))
    await download()
    expectWhole()
    expect(hub.requests.map(({ headers }) => headers.range)).toEqual(['bytes=1000-', undefined])
  })
})

describe('a server that lies', () => {
  it.each([
    [
      'announces less',
      { headers: { 'content-length': '1000' }, content: content.subarray(0, 1000) },
    ],
    ['announces and sends more', { content: Buffer.concat([content, content]) }],
  ])('and %s is refused', async (_, lie) => {
    hub.fault = ({ serve }) => serve(lie)
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
    expect(hub.requests).toHaveLength(1)
    expect(existsSync(target)).toBe(false)
  })

  it('and says nothing about the length is counted', async () => {
    hub.faults.push(({ response }) => response.writeHead(200).end(content))
    await download()
    expectWhole()
  })

  it('and does not stop sending is cut off at the length of the file', async () => {
    hub.fault = ({ response }) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && response.write(content)) {}
      }
      response.on('drain', pour)
      pour()
    }
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
    expect(readFileSync(incompleteName(target)).length).toBeLessThanOrEqual(content.length)
  })

  it('about the whole length of a part is refused', async () => {
    hub.faults.push(
      ({ serve }) => serve({ cutAfter: 100_000 }),
      ({ response, etag }) =>
        response
          .writeHead(206, { etag, 'content-range': 'bytes 100000-299999/5000000000' })
          .end(content.subarray(100_000)),
    )
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
  })

  it('about the content is found out, and nothing is kept', async () => {
    const changed = Buffer.from(content)
    changed[150_000] = (changed[150_000] ?? 0) ^ 1
    hub.fault = ({ serve }) => serve({ content: changed })
    expect(await codeOf(download())).toBe('MODEL_HASH_MISMATCH')
    expectNothing()
  })

  it('about an encoding is refused, whether it is there or not', async () => {
    hub.fault = ({ serve }) => serve({ headers: { 'content-encoding': 'gzip' } })
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
    expect(hub.requests).toHaveLength(1)
    expectNothingOf(target)
  })

  it('with lengths beyond 2^31 and 2^53 is told by them', async () => {
    hub.fault = ({ response }) => response.writeHead(200, { 'content-length': 6e9 }).end()
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
    hub.fault = ({ response }) =>
      response.writeHead(200, { 'content-length': '99999999999999999999' }).end()
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
  })

  it('in the grammar of HTTP costs a typed error', async () => {
    hub.fault = ({ response }) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\n')
    }
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
  })
})

const expectNothingOf = (file: string) => expect(existsSync(file)).toBe(false)

describe('a server that is slow or busy', () => {
  it('and stalls before it answers or in between is asked again', async () => {
    hub.faults.push(
      () => {},
      ({ response }) => {
        response.writeHead(200, { 'content-length': content.length })
        response.write(content.subarray(0, 50_000))
      },
    )
    await download({ stallSeconds: 0.2 })
    expectWhole()
    expect(hub.requests[2]?.headers.range).toBe('bytes=50000-')
  })

  it('and trickles counts as stalled', async () => {
    const timers: NodeJS.Timeout[] = []
    hub.fault = ({ response, start }) => {
      response.writeHead(200, { 'content-length': content.length })
      timers.push(setInterval(() => response.write('a'), 20))
      expect(start).toBeLessThan(100)
    }
    const code = await codeOf(download({ stallSeconds: 0.2, retries: 1 }))
    for (const timer of timers) clearInterval(timer)
    expect(code).toBe('NETWORK_FAILED')
  })

  it.each([408, 425, 429, 500, 502, 503, 504])('with status %i is asked again', async (status) => {
    hub.faults.push(({ response }) => response.writeHead(status).end())
    await download()
    expectWhole()
  })

  it('is given the time that it asks for, but not all the time in the world', async () => {
    hub.faults.push(({ response }) => response.writeHead(429, { 'retry-after': '1' }).end())
    const started = performance.now()
    await download()
    expect(performance.now() - started).toBeGreaterThan(950)
    rmSync(target)
    const past = new Date(Date.now() - 60_000).toUTCString()
    hub.faults.push(({ response }) => response.writeHead(503, { 'retry-after': past }).end())
    await download()
    rmSync(target)
    hub.fault = ({ response }) => response.writeHead(503, { 'retry-after': '86400' }).end()
    expect(await codeOf(download())).toBe('NETWORK_FAILED')
  })

  it.each([
    [401, 'ACCESS_DENIED'],
    [403, 'ACCESS_DENIED'],
    [404, 'MODEL_FILE_MISSING'],
    [410, 'MODEL_FILE_MISSING'],
    [400, 'NETWORK_FAILED'],
    [304, 'NETWORK_FAILED'],
    [501, 'NETWORK_FAILED'],
  ])('with status %i is not asked again: %s', async (status, code) => {
    hub.fault = ({ response }) => response.writeHead(status).end()
    expect(await codeOf(download())).toBe(code)
    expect(hub.requests).toHaveLength(1)
  })

  it('and not there is tried again', async () => {
    await hub.close()
    expect(await codeOf(download({ retries: 1 }))).toBe('NETWORK_FAILED')
    hub = await startHub({})
  })
})

describe('a download that is stopped', () => {
  it('keeps what has arrived', async () => {
    const controller = new AbortController()
    hub.faults.push(({ response, etag }) => {
      response.writeHead(200, { etag, 'content-length': content.length })
      response.write(content.subarray(0, 70_000), () => setTimeout(() => controller.abort(), 50))
    })
    expect(await codeOf(download({ signal: controller.signal }))).toBe('ABORTED')
    expect(readFileSync(incompleteName(target)).equals(content.subarray(0, 70_000))).toBe(true)
    await download()
    expectWhole()
    expect(hub.sentBytes).toBe(content.length - 70_000)
  })

  it('while it waits for another attempt ends at once', async () => {
    hub.fault = ({ response }) => response.writeHead(503, { 'retry-after': '60' }).end()
    const signal = AbortSignal.timeout(100)
    expect(await codeOf(download({ signal }))).toBe('ABORTED')
  })
})

describe('a disk', () => {
  it.skipIf(process.platform !== 'linux')('that is full is told of', async () => {
    symlinkSync('/dev/full', incompleteName(target))
    const error = await download().catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      code: 'FILE_WRITE_FAILED',
      location: { file: incompleteName(target) },
      remedy: expect.stringContaining('Free space'),
    })
  })

  it('that cannot be written is told of', async () => {
    writeFileSync(join(folder, 'file'), '')
    target = join(folder, 'file', 'image.onnx')
    expect(await codeOf(download())).toBe('FILE_WRITE_FAILED')
  })
})

describe('any sequence of faults', () => {
  const small = content.subarray(0, 5000)
  const smallSha256 = createHash('sha256').update(small).digest('hex')
  const behaviour = fc.oneof(
    fc.nat(5000).map((cutAfter) => ({ cutAfter })),
    fc.nat(5000).map((cutAfter) => ({ cutAfter, ignoreRange: true })),
    fc.constantFrom(200, 206, 416, 429, 500, 503).map((status) => ({ status })),
    fc.nat(5000).map((length) => ({ length })),
  )

  it('ends in the right bytes or a typed error, and the next pull in the right bytes', async () => {
    await hub.close()
    hub = await startHub({ 'image.onnx': small })
    const faults = fc.array(behaviour, { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(faults, fc.nat(6000), async (sequence, left) => {
        rmSync(target, { force: true })
        writeFileSync(incompleteName(target), Buffer.concat([small, small]).subarray(0, left))
        hub.faults.length = 0
        for (const fault of sequence) {
          hub.faults.push(({ serve, response }) => {
            if ('status' in fault) response.writeHead(fault.status).end()
            else if ('length' in fault) serve({ content: small.subarray(0, fault.length) })
            else serve(fault)
          })
        }
        const expected = { bytes: small.length, sha256: smallSha256, retries: 2 }
        const code = await codeOf(download(expected))
        expect(['done', 'NETWORK_FAILED']).toContain(code)
        expect(existsSync(target)).toBe(code === 'done')
        hub.faults.length = 0
        await download(expected)
        expect(readFileSync(target).equals(small)).toBe(true)
      }),
      { seed: 17, numRuns: 150 },
    )
  })
})
