// A process of its own: a model can take all memory, never end, or crash the runtime. It ends with the
// channel to the process that started it, whatever its worker is doing.
import { Socket } from 'node:net'
import { MessageReader, writeMessage } from '../message-stream.js'
import type { ModelRequest } from '../model-messages.js'
import { HostedModel } from './hosted-model.js'

const watchMilliseconds = 10

// The third channel after standard input, output and error.
const channel = new Socket({ fd: 3 })
const model = new HostedModel()

/** The only sure way while the worker is in native code. */
const end = () => process.kill(process.pid, 'SIGKILL')

function watchMemory(memoryBytes: number): void {
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() <= memoryBytes) return
    clearInterval(watch)
    writeMessage(channel, { name: 'excess' })
  }, watchMilliseconds)
}

// What comes is from the process that started this one, which feeds what it likes.
const reader = new MessageReader<ModelRequest>(
  { partBytes: Number.MAX_SAFE_INTEGER },
  (request) => {
    if (request.body.name === 'open') watchMemory(request.body.memoryBytes)
    model.answer(request).then(({ body, parts }) => writeMessage(channel, body, parts))
  },
)

channel.on('data', (piece) => reader.push(piece))
channel.on('error', end)
channel.on('close', end)
writeMessage(channel, { name: 'ready' })
