import { type ChildProcess, fork } from 'node:child_process'
import { AssayError, type AssayErrorCode } from '@assay/core'
import type { DecoderAnswers, DecoderFault, DecoderRequest } from './decoder-protocol.js'
import { decoderUrl } from './decoder-url.js'
import type { ParquetLimits } from './parquet-limits.js'

type Reply<Kind extends keyof DecoderAnswers> =
  | DecoderFault
  | { readonly answer: DecoderAnswers[Kind] }

const remedies: Partial<Record<AssayErrorCode, string>> = {
  MALFORMED_PARQUET: 'Fetch or write the file again.',
  LIMIT_EXCEEDED: 'Write it with smaller row groups, or raise the limit if you trust it.',
  INVALID_ARGUMENT: 'Choose among the columns that the file has, and say what their bytes are.',
}

/** The decoder of one file: a process that can be given up. Answers one request at a time. */
export class DecoderProcess {
  readonly #path: string
  readonly #limits: ParquetLimits
  readonly #child: ChildProcess
  readonly #kill = () => void this.#child.kill('SIGKILL')
  #last: Promise<unknown> = Promise.resolve()

  constructor(path: string, limits: ParquetLimits) {
    this.#path = path
    this.#limits = limits
    this.#child = fork(decoderUrl(), {
      serialization: 'advanced',
      execArgv: [`--max-old-space-size=${limits.heapMegabytes}`],
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    // A decoder that waits for a request must not keep the program running.
    this.#child.unref()
    this.#child.channel?.unref()
  }

  /** Asks for something about the row `row`, which errors name unless the decoder knows better. */
  ask<Request extends DecoderRequest>(
    request: Request,
    row?: number,
  ): Promise<DecoderAnswers[Request['kind']]> {
    const answer = this.#last.then(() => this.#exchange(request, row))
    this.#last = answer.catch(() => {})
    return answer
  }

  close(): void {
    this.#kill()
  }

  async #exchange<Request extends DecoderRequest>(request: Request, row: number | undefined) {
    const reply = await this.#reply<Request['kind']>(request)
    if ('answer' in reply) return reply.answer
    throw this.#error(reply.code, reply.fault, reply.row ?? row)
  }

  #reply<Kind extends keyof DecoderAnswers>(request: DecoderRequest): Promise<Reply<Kind>> {
    const child = this.#child
    const { seconds } = this.#limits
    child.ref()
    child.channel?.ref()
    // An idle decoder ends with us by itself; a busy one might never look up.
    process.once('exit', this.#kill)
    return new Promise<Reply<Kind>>((resolve) => {
      const settle = (reply: Reply<Kind>) => {
        clearTimeout(timer)
        process.off('exit', this.#kill)
        child.off('message', settle).off('exit', ended).off('error', failed)
        child.unref()
        child.channel?.unref()
        resolve(reply)
      }
      const fault = (code: DecoderFault['code'], reason: string) =>
        settle({ fault: reason, code, row: undefined })
      const ended = (code: number | null, signal: string | null) =>
        fault('MALFORMED_PARQUET', `made its decoder end (${signal ?? code})`)
      const failed = (error: Error) =>
        fault('MALFORMED_PARQUET', `has no decoder: ${error.message}`)
      const timer = setTimeout(() => {
        this.#kill()
        fault('LIMIT_EXCEEDED', `keeps its decoder busy for more than ${seconds} s`)
      }, seconds * 1000)
      child.on('message', settle).on('exit', ended).on('error', failed)
      if (child.connected) child.send(request)
      else ended(child.exitCode, child.signalCode)
    })
  }

  #error(code: AssayErrorCode, reason: string, row: number | undefined): AssayError {
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
