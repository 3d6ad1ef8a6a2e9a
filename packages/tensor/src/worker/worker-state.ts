import { AssayError, type Tensor } from '@assay/core'
import type { DeviceChoice } from '../engine/device.js'
import type { NativeGate } from '../engine/native-gate.js'
import type {
  ResidentHandle,
  SessionDescription,
  WireFeed,
  WorkerCalls,
} from '../engine/worker-calls.js'
import { assertDeviceLoads } from './assert-device-loads.js'
import { LocalSession } from './local-session.js'
import { readRegion } from './read-region.js'
import type { Task, TaskModule } from './task.js'

type Argument<Name extends keyof WorkerCalls> = WorkerCalls[Name]['argument']

/** Everything that lives in one worker, by number: sessions, tensors and tasks. */
export class WorkerState {
  readonly #gate: NativeGate
  readonly #choice: DeviceChoice
  #deviceLoads: Promise<void> | null = null
  readonly #sessions = new Map<number, LocalSession>()
  readonly #residents = new Map<number, Tensor>()
  readonly #tasks = new Map<number, Task>()

  constructor(gate: NativeGate, choice: DeviceChoice) {
    this.#gate = gate
    this.#choice = choice
  }

  async openSession(argument: Argument<'open-session'>): Promise<SessionDescription> {
    const session = await this.#open(argument.model, argument.threads)
    this.#sessions.set(argument.number, session)
    return { inputs: session.inputs, outputs: session.outputs }
  }

  async runSession(argument: Argument<'run-session'>): Promise<Record<string, Tensor>> {
    const session = lookUp(this.#sessions, argument.number, 'session')
    const feeds = Object.entries(argument.feeds).map(([name, feed]) => [name, this.#feed(feed)])
    return session.run(Object.fromEntries(feeds), argument.outputs)
  }

  async placeTensor({ number, source }: Argument<'place-tensor'>): Promise<void> {
    this.#residents.set(number, 'path' in source ? await readRegion(source) : source)
  }

  async startTask(argument: Argument<'start-task'>): Promise<void> {
    const { threads } = argument
    const module = (await import(argument.module)) as TaskModule
    const context = {
      threads,
      openSession: (model: Uint8Array) => this.#open(model, threads),
      tensor: (handle: ResidentHandle) => this.#resident(handle),
    }
    this.#tasks.set(argument.number, await module.createTask(context, argument.argument))
  }

  async callTask(argument: Argument<'call-task'>, signal: AbortSignal): Promise<unknown> {
    const task = lookUp(this.#tasks, argument.number, 'task')
    const method = task.methods[argument.method]
    if (method) return method(argument.argument as never, signal)
    throw new AssayError({
      code: 'INVALID_ARGUMENT',
      message: `The task has no method '${argument.method}'.`,
      value: argument.method,
      remedy: `Call one of: ${Object.keys(task.methods).join(', ')}.`,
    })
  }

  async free({ number }: Argument<'free'>): Promise<void> {
    const closable = this.#sessions.get(number) ?? this.#tasks.get(number)
    for (const things of [this.#sessions, this.#residents, this.#tasks]) things.delete(number)
    await closable?.close()
  }

  async #open(model: Uint8Array | string, threads: number): Promise<LocalSession> {
    const [gate, choice] = [this.#gate, this.#choice]
    if (choice.device !== 'cpu') {
      // Once a worker: a device that loads goes on loading.
      this.#deviceLoads ??= assertDeviceLoads(gate, choice.device)
      await this.#deviceLoads
    }
    return LocalSession.open({ gate, model, threads, ...choice })
  }

  #feed(feed: WireFeed): Tensor {
    return 'resident' in feed ? this.#resident(feed) : feed
  }

  /** The rows of a resident tensor, without a copy. */
  #resident({ resident, start, end }: ResidentHandle): Tensor {
    const tensor = lookUp(this.#residents, resident, 'tensor')
    const [rows, ...rest] = tensor.dims
    if (rows === undefined) return tensor
    const stride = tensor.data.length / Math.max(rows, 1)
    const data = tensor.data.subarray(start * stride, end * stride)
    return { ...tensor, dims: [end - start, ...rest], data } as Tensor
  }
}

function lookUp<Item>(items: ReadonlyMap<number, Item>, key: number, what: string): Item {
  const item = items.get(key)
  if (item !== undefined) return item
  throw new AssayError({
    code: 'ENGINE_CLOSED',
    message: `The ${what} is closed.`,
    value: key,
    remedy: `Call before it is closed, or make a new ${what}.`,
  })
}
