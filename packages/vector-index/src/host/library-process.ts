import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { AssayError } from '@assay/core'
import { hostUrl } from './host-url.js'
import type { LibraryCall, LibraryCalls, LibraryReply, LibraryRequest } from './library-protocol.js'

/** Of what a dying library says, the end is worth telling. */
const lastWords = 400

/** The caller's end of a library that runs in a process of its own, and does one thing at a time. */
export class LibraryProcess {
  readonly #library: string
  readonly #child: ChildProcess
  readonly #kill = () => void this.#child.kill('SIGKILL')
  #said = ''
  #requests = 0
  #closed = false
  #last: Promise<unknown> = Promise.resolve()

  /**
   * @param library name of the library, for messages
   * @param threads threads that it may use
   */
  constructor(library: string, threads: number) {
    this.#library = library
    this.#child = fork(hostUrl(), {
      serialization: 'advanced',
      execArgv: [],
      // faiss takes its threads from here. With two pools of threads at once it became nine times slower.
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        OMP_NUM_THREADS: String(threads),
        OPENBLAS_NUM_THREADS: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    // An error also ends the waiting for a reply; between two requests nobody else listens.
    this.#child.on('error', () => {})
    this.#child.stderr?.on('data', (text) => {
      this.#said = (this.#said + text).slice(-lastWords)
    })
    this.#letGo()
  }

  /**
   * Asks for something, after what was asked before.
   *
   * @throws AssayError what the host throws, `ENGINE_FAILED` where it ended, `ENGINE_CLOSED` after
   *   `close`, `ABORTED` as soon as the signal fires
   */
  ask<Name extends LibraryCall>(
    name: Name,
    argument: LibraryCalls[Name]['argument'],
    signal?: AbortSignal,
  ): Promise<LibraryCalls[Name]['answer']> {
    if (signal?.aborted) return Promise.reject(abortedError(signal))
    this.#requests += 1
    const request = { id: this.#requests, name, argument } as LibraryRequest
    const answer = this.#last.then(() => this.#exchange(request, signal))
    this.#last = answer.catch(() => {})
    return this.#untilAborted(answer, request.id, signal) as Promise<LibraryCalls[Name]['answer']>
  }

  close(): void {
    this.#closed = true
    this.#kill()
  }

  async #exchange(request: LibraryRequest, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) throw abortedError(signal)
    if (this.#closed) throw closedError()
    if (!this.#child.connected) throw this.#endedError()
    this.#child.send(request)
    const reply = await this.#reply()
    if ('answer' in reply) return reply.answer
    if (signal?.aborted) throw abortedError(signal)
    const { code, message, remedy, location } = reply.error
    throw new AssayError({ code, message, remedy, location })
  }

  async #reply(): Promise<LibraryReply> {
    const over = new AbortController()
    this.#hold()
    try {
      return await Promise.race([
        once(this.#child, 'message', over).then(([reply]) => reply as LibraryReply),
        once(this.#child, 'exit', over).then(() => {
          throw this.#closed ? closedError() : this.#endedError()
        }),
      ])
    } finally {
      over.abort()
      this.#letGo()
    }
  }

  /** The answer, or a rejection as soon as the signal fires; the host is told, and stops in time. */
  async #untilAborted(
    answer: Promise<unknown>,
    id: number,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    if (!signal) return answer
    let onAbort = () => {}
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => {
        if (this.#child.connected) this.#child.send({ id, name: 'abort' })
        reject(abortedError(signal))
      }
      signal.addEventListener('abort', onAbort, { once: true })
    })
    return Promise.race([answer, aborted]).finally(() => {
      signal.removeEventListener('abort', onAbort)
    })
  }

  /** A busy library keeps us running, and must not outlive us. */
  #hold(): void {
    this.#child.ref()
    this.#child.channel?.ref()
    process.once('exit', this.#kill)
  }

  /** An idle one does not keep us running, and ends with us by itself. */
  #letGo(): void {
    process.off('exit', this.#kill)
    this.#child.unref()
    this.#child.channel?.unref()
    const stderr = this.#child.stderr as { unref?(): void } | null
    stderr?.unref?.()
  }

  #endedError(): AssayError {
    const { signalCode, exitCode } = this.#child
    const words = this.#said.trim().split('\n').at(-1)
    return new AssayError({
      code: 'ENGINE_FAILED',
      message: `The process of ${this.#library} ended (${signalCode ?? exitCode})${words ? `: ${words}` : '.'}`,
      value: signalCode ?? exitCode,
      remedy: 'Make the index again; if it ends again, change its settings or use the exact index.',
    })
  }
}

const closedError = () =>
  new AssayError({
    code: 'ENGINE_CLOSED',
    message: 'The index is closed.',
    remedy: 'Search before close(), or make a new index.',
  })

/** The caller's signal fired. */
export const abortedError = ({ reason }: AbortSignal) =>
  new AssayError({
    code: 'ABORTED',
    message: 'The call was aborted.',
    remedy: 'Call again without aborting.',
    cause: reason,
  })
