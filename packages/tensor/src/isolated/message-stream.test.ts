import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Message, MessageReader, writeMessage } from './message-stream.js'

const limits = { partBytes: 1000 }

/** The messages that come of some bytes, handed out in pieces of these lengths, over and over. */
function read(bytes: Uint8Array, pieces: readonly number[] = [bytes.length]): Message<unknown>[] {
  const messages: Message<unknown>[] = []
  const reader = new MessageReader<unknown>(limits, (message) => messages.push(message))
  for (let offset = 0, at = 0; offset < bytes.length; at++) {
    const length = pieces[at % pieces.length] ?? 1
    reader.push(bytes.subarray(offset, offset + length))
    offset += length
  }
  return messages
}

function written(messages: readonly Message<unknown>[]): Buffer {
  const stream = new PassThrough()
  for (const { body, parts } of messages) writeMessage(stream, body, parts)
  return stream.read() ?? Buffer.alloc(0)
}

/** The length of a head, and the head. */
const framed = (head: string) =>
  Buffer.concat([Buffer.from(Uint32Array.of(head.length).buffer), Buffer.from(head)])

describe('messages', () => {
  const message = fc.record({
    body: fc.jsonValue(),
    parts: fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 4 }),
  })

  it('arrive as they were sent, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 4 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 5 }),
        (messages, pieces) => {
          const plain = messages.map(({ body, parts }) => ({
            body: JSON.parse(JSON.stringify(body)) as unknown,
            parts,
          }))
          expect(read(written(messages), pieces)).toEqual(plain)
        },
      ),
      { seed: 12, numRuns: 300 },
    )
  })

  it('own the memory of their parts', () => {
    const [{ parts } = { parts: [] }] = read(written([{ body: 1, parts: [Uint8Array.of(1, 2)] }]))
    expect(parts[0]?.buffer.byteLength).toBe(2)
  })

  it.each([
    ['no length', Buffer.alloc(4)],
    ['an endless head', Buffer.from([255, 255, 255, 255])],
    ['no JSON', framed('{"body": ')],
    ['no object', framed('null')],
    ['no parts', framed('{"body": 1}')],
    ['a negative part', framed('{"body": 1, "parts": [-1]}')],
    ['half a part', framed('{"body": 1, "parts": [0.5]}')],
    ['a text for a part', framed('{"body": 1, "parts": ["1"]}')],
    ['a part beyond the limit', framed('{"body": 1, "parts": [1001]}')],
    ['parts beyond the limit', framed('{"body": 1, "parts": [501, 500]}')],
  ])('of a stranger are refused: %s', (_, bytes) => {
    expect(() => read(bytes)).toThrowError(expect.objectContaining({ code: 'ENGINE_FAILED' }))
  })

  it('cannot have a head that nobody would read', () => {
    const names = 'x'.repeat(17 * 2 ** 20)
    expect(() => writeMessage(new PassThrough(), names)).toThrowError(
      expect.objectContaining({ code: 'ENGINE_FAILED' }),
    )
  })

  it('may have very many empty parts', () => {
    const parts = Array.from({ length: 50_000 }, () => new Uint8Array(0))
    expect(read(written([{ body: 1, parts }]))[0]?.parts).toHaveLength(50_000)
  })
})
