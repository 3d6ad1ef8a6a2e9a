import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { AssayError, type AssayErrorCode } from '@assay/core'
import type { DecoderAnswers, DecoderFault, DecoderRequest } from './decoder-protocol.js'
import { decoderUrl } from './decoder-url.js'
import type { ParquetLimits } from './parquet-limits.js'
import { residentMegabytes } from './resident-megabytes.js'

type Kind = keyof DecoderAnswers
type Reply<K extends Kind> = DecoderFault | { readonly answer: DecoderAnswers[K] }

const pollMilliseconds = 100

const remedies: Partial<Record<AssayErrorCode, string>> = {
  MALFORMED_PARQUET: 'Fetch or write the file again.',
  LIMIT_EXCEEDED: 'Write it with smaller row groups, or raise the limit if you trust it.',
  INVALID_ARGUMENT: 'Choose among the columns that the file has, and say what their bytes are.',
  INTERNAL: 'Install @assay/store again; if it fails again, report it.',
}

/** The decoder of one file: a process that can be given up. Answers one request at a time. */
export class DecoderProcess {
  readonly #path: string
  readonly #limits: ParquetLimits
  readonly #child: ChildProcess
  readonly #kill = () => void this.#child.kill('SIGKILL')
  #last: Promise<unknown>

  constructor(path: string, limits: ParquetLimits) {
    this.#path = path
    this.#limits = limits
    this.#child = fork(decoderUrl(), {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${limits.megabytes}`],
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    // An error also ends the waiting for a reply; between two requests nobody else listens.
    this.#child.on('error', () => {})
    this.#last = this.#started()
  }

  /** Asks for something about the row `row`, which errors name unless the decoder knows better. */
  ask<Request extends DecoderRequest>(
    request: Request,
    row?: number,
  ): Promise<DecoderAnswers[Request['kind']]> {
    const answer = this.#last.then(() => this.#exchange<Request['kind']>(request, row))
    this.#last = answer.catch(() => {})
    return answer
  }

  close(): void {
    this.#kill()
  }

  /** The decoder's first message says that it runs; what fails before is no fault of the file. */
  async #started(): Promise<void> {
    const reply = await this.#reply()
    if ('fault' in reply) throw this.#error('INTERNAL', `cannot be decoded: it ${reply.fault}`)
  }

  async #exchange<K extends Kind>(request: DecoderRequest, row: number | undefined) {
    if (this.#child.connected) this.#child.send(request)
    const reply = await this.#reply<K>()
    if ('answer' in reply) return reply.answer
    throw this.#error(reply.code, reply.fault, reply.row ?? row)
  }

  /** The next message, or why there will be none. */
  async #reply<K extends Kind>(): Promise<Reply<K>> {
    const child = this.#child
    const over = new AbortController()
    const ended = (): DecoderFault => ({
      fault: `made its decoder end (${child.signalCode ?? child.exitCode})`,
      code: 'MALFORMED_PARQUET',
      row: undefined,
    })
    if (!child.connected) return ended()
    this.#hold()
    try {
      return await Promise.race([
        once(child, 'message', over).then(([reply]) => reply as Reply<K>),
        once(child, 'exit', over).then(ended),
        this.#late(over),
        this.#large(over),
      ])
    } catch (error) {
      throw this.#error('INTERNAL', `cannot be decoded: ${String(error)}`)
    } finally {
      over.abort()
      this.#letGo()
    }
  }

  async #late(over: AbortController): Promise<DecoderFault> {
    const { seconds } = this.#limits
    await sleep(seconds * 1000, undefined, over)
    return this.#giveUp(`keeps its decoder busy for more than ${seconds} s`)
  }

  /** The heap limit does not cover unpacked pages, which lie outside of the heap. */
  async #large(over: AbortController): Promise<DecoderFault> {
    const { megabytes } = this.#limits
    while ((residentMegabytes(this.#child.pid ?? 0) ?? 0) <= megabytes) {
      await sleep(pollMilliseconds, undefined, over)
    }
    return this.#giveUp(`makes its decoder hold more than ${megabytes} MiB`)
  }

  #giveUp(fault: string): DecoderFault {
    this.#kill()
    return { fault, code: 'LIMIT_EXCEEDED', row: undefined }
  }

  /** A busy decoder keeps us running, and must not outlive us: it might never look up. */
  #hold(): void {
    this.#child.ref()
    this.#child.channel?.ref()
    process.once('exit', this.#kill)
  }

  /** An idle decoder does not keep us running, and ends with us by itself. */
  #letGo(): void {
    process.off('exit', this.#kill)
    this.#child.unref()
    this.#child.channel?.unref()
  }

  #error(code: AssayErrorCode, reason: string, row?: number): AssayError {
    const where = row === undefined ? this.#path : `${this.#path}, row ${row},`
    return new AssayError({
      code,
      message: `${where} ${reason}.`,
      value: reason,
      remedy: remedies[code] ?? '',
      location: row === undefined ? { file: this.#path } : { file: this.#path, row },
    })
  }
}
