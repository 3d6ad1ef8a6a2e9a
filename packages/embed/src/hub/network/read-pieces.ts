import type { IncomingMessage } from 'node:http'
import type { StallWatch } from './watch-stall.js'

/** Bytes that may wait for the reader before the connection is held back. */
const MOST_WAITING = 2 ** 20

/**
 * The body of an answer, piece by piece. What has arrived before a connection breaks is handed out
 * before the failure is thrown; iterating over the message itself would drop what is still buffered.
 */
export async function* readPieces(
  message: IncomingMessage,
  watch: StallWatch,
): AsyncGenerator<Uint8Array> {
  const waiting: Uint8Array[] = []
  let bytes = 0
  let failure: unknown = null
  let wake = () => {}
  message.on('data', (piece: Uint8Array) => {
    watch.received(piece.length)
    waiting.push(piece)
    bytes += piece.length
    if (bytes >= MOST_WAITING) message.pause()
    wake()
  })
  message.on('error', (error) => {
    failure = error
  })
  message.on('close', () => wake())
  for (;;) {
    for (let piece = waiting.shift(); piece; piece = waiting.shift()) {
      bytes -= piece.length
      yield piece
    }
    if (message.closed) break
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    message.resume()
    await woken
  }
  if (failure !== null) throw failure
}
