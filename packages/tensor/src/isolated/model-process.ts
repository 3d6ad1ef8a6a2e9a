import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { AssayError } from '@assay/core'
import {
  crashedError,
  endedError,
  resourceLimitError,
  unstartableError,
} from './isolation-errors.js'
import type { IsolationLimits } from './isolation-limits.js'
import { type Message, MessageReader, writeMessage } from './message-stream.js'
import { modelCommand, modelEnvironment } from './model-command.js'
import type { ModelReply, ModelRequest } from './model-messages.js'

type Answer = Message<ModelReply>

interface Pending {
  resolve(answer: Answer): void
  reject(error: AssayError): void
}

/** Longest start of a process, in seconds: far more than a busy machine needs. */
const startSeconds = 60

/** Characters of its standard error that are kept. */
const longestWords = 500

/** The process of one model, as we see it. Answers one request at a time, and can be given up. */
export class ModelProcess {
  readonly #limits: IsolationLimits
  readonly #child: ChildProcess
  /** Absent where the system has no room for a process. */
  readonly #channel: Socket | undefined
  /** Resolves when it is gone. */
  readonly closed: Promise<unknown>
  #pending: Pending | null = null
  #over: AssayError | null = null
  #lastWords = ''

  constructor(limits: IsolationLimits) {
    this.#limits = limits
    const { program, arguments: list } = modelCommand(limits.memoryBytes)
    this.#child = spawn(program, list, {
      env: modelEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    this.closed = once(this.#child, 'close').catch(() => {})
    this.#child.on('error', (error) => this.end(unstartableError(error)))
    this.#child.stderr?.setEncoding('utf8').on('data', (words: string) => {
      this.#lastWords = (this.#lastWords + words).slice(-longestWords)
    })
    // By then everything that it said has been read.
    this.#child.on('close', (code, signal) => {
      this.end(crashedError(signal ?? code, this.#lastWords))
    })
    this.#channel = this.#child.stdio?.[3] as Socket | undefined
    const limit = { partBytes: limits.outputBytes }
    const reader = new MessageReader<ModelReply>(limit, (answer) => this.#receive(answer))
    this.#channel?.on('data', (piece) => this.#read(reader, piece))
    // Writing to a process that has just ended fails; its end is told of by `close`.
    this.#channel?.on('error', () => {})
  }

  /**
   * Resolves once it listens.
   *
   * @throws AssayError `ENGINE_UNAVAILABLE`
   */
  async started(): Promise<void> {
    const late = () => unstartableError(`it did not begin within ${startSeconds} s`)
    await this.#answer(startSeconds, late)
  }

  /** @throws AssayError `ENGINE_CLOSED` after `close`, `ENGINE_FAILED` where it ended otherwise */
  assertAlive(): void {
    if (this.#over) throw endedError(this.#over)
  }

  /**
   * Asks for one thing.
   *
   * @param understand makes a result of the answer; where it cannot, the process is ended: it may be in a
   *   stranger's hands
   * @throws AssayError what the process answers with; `MODEL_RESOURCE_LIMIT` where it takes too long or
   *   too much memory; `ENGINE_FAILED` where it crashes or has ended
   */
  async ask<Result>(
    request: ModelRequest,
    parts: readonly Uint8Array[],
    understand: (answer: Answer) => Result,
  ): Promise<Result> {
    this.assertAlive()
    const { seconds } = this.#limits
    if (this.#channel) writeMessage(this.#channel, request, parts)
    const late = () => resourceLimitError(`took more than ${seconds} s`, seconds)
    const answer = await this.#answer(seconds, late)
    try {
      if (answer.body.name === 'error') throw new AssayError(answer.body.error)
      return understand(answer)
    } catch (error) {
      if (AssayError.isInstance(error)) throw error
      const senseless = crashedError(String(error))
      this.end(senseless)
      throw senseless
    }
  }

  /** Ends the process, whatever it does; who waits for it is told `error`. */
  end(error: AssayError): void {
    this.#over ??= error
    this.#child.kill('SIGKILL')
    this.#pending?.reject(this.#over)
    this.#pending = null
    this.#holdProgram(false)
  }

  /** Ends the process and waits until it is gone. */
  async close(error: AssayError): Promise<void> {
    this.end(error)
    this.#holdProgram(true)
    await this.closed
  }

  async #answer(seconds: number, late: () => AssayError): Promise<Answer> {
    const timer = setTimeout(() => this.end(late()), seconds * 1000)
    try {
      return await new Promise<Answer>((resolve, reject) => {
        if (this.#over) return reject(this.#over)
        this.#pending = { resolve, reject }
        this.#holdProgram(true)
      })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Whatever is no message ends the process, too. */
  #read(reader: MessageReader<ModelReply>, piece: Uint8Array): void {
    try {
      reader.push(piece)
    } catch (error) {
      this.end(AssayError.isInstance(error) ? error : crashedError(String(error)))
    }
  }

  #receive(answer: Answer): void {
    if (answer.body.name === 'excess') {
      const { memoryBytes } = this.#limits
      this.end(resourceLimitError(`held more than ${memoryBytes} bytes of memory`, memoryBytes))
      return
    }
    this.#pending?.resolve(answer)
    this.#pending = null
    this.#holdProgram(false)
  }

  /** Only a process that is asked something keeps this program running. */
  #holdProgram(hold: boolean): void {
    const change = hold ? 'ref' : 'unref'
    this.#child[change]()
    this.#channel?.[change]()
    // A pipe is a socket, which its type does not say.
    const stderr = this.#child.stderr as Socket | null
    stderr?.[change]()
  }
}
