import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { AssayError, type Tensor } from '@assay/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createGraph } from '../graph/graph.js'
import { mul } from '../graph/operations/arithmetic.js'
import { gather } from '../graph/operations/layout.js'
import { matMul } from '../graph/operations/products.js'
import { createEngine, type EngineOptions } from './create-engine.js'
import { type Device, devices } from './device.js'
import type { NodeEngine } from './node-engine.js'

const floats = (...values: number[]): Tensor => ({
  type: 'float32',
  dims: [values.length],
  data: Float32Array.from(values),
})

/** y = 2 x for any number of values. */
function doubling(): Uint8Array {
  const graph = createGraph()
  graph.output('y', mul(graph.input('x', 'float32', ['n']), 2))
  return graph.toBytes()
}

/** y = x x for a square matrix: slow where it is large. */
function squaring(): Uint8Array {
  const graph = createGraph()
  const x = graph.input('x', 'float32', ['n', 'n'])
  graph.output('y', matMul(x, x))
  return graph.toBytes()
}

const matrix = (n: number): Tensor => ({
  type: 'float32',
  dims: [n, n],
  data: new Float32Array(n * n).fill(1),
})

const failsWith = (code: string, message?: RegExp) =>
  expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) })

describe('createEngine', () => {
  let engine: NodeEngine
  beforeEach(() => {
    engine = createEngine({ threads: 2 })
  })
  afterEach(() => engine.close())

  it('names its runtime and its budget', () => {
    expect(engine.id).toMatch(/^onnxruntime-node \d+\.\d+\.\d+$/)
    expect([engine.threads, engine.workers, engine.device]).toEqual([2, 2, 'cpu'])
  })

  it.each([
    { threads: 0 },
    { threads: 1.5 },
    { threads: 2, workers: 3 },
    { threads: 2, workers: 0 },
    { device: 'abacus' as Device },
    { device: 'webgpu', workers: 2 } as const,
  ])('refuses what cannot be: %o', (options: EngineOptions) => {
    expect(() => createEngine(options)).toThrowError(failsWith('INVALID_ARGUMENT'))
  })

  it('runs a graph from bytes and from a file alike', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'assay-engine-'))
    const path = join(folder, 'doubling.onnx')
    await writeFile(path, doubling())
    const sessions = [await engine.open(doubling()), await engine.open({ path })]
    for (const session of sessions) {
      expect(await session.run({ x: floats(1, -3) })).toEqual({ y: floats(2, -6) })
    }
    await rm(folder, { recursive: true })
  })

  it('leaves a Node Buffer to its owner', async () => {
    const bytes = Buffer.from(doubling())
    const before = Buffer.from(bytes)
    await engine.open(bytes)
    expect(bytes.equals(before)).toBe(true)
  })

  it('runs replicas side by side and keeps each answer with its question', async () => {
    const session = await engine.open(doubling(), { replicas: 'every' })
    expect(session.concurrency).toBe(2)
    const runs = Array.from({ length: 40 }, (_, n) => session.run({ x: floats(n) }))
    const answers = (await Promise.all(runs)).map(({ y }) => y?.data[0])
    expect(answers).toEqual(Array.from({ length: 40 }, (_, n) => 2 * n))
  })

  it('gives only the outputs that are asked for', async () => {
    const graph = createGraph()
    const x = graph.input('x', 'float32', [1])
    graph.output('double', mul(x, 2))
    graph.output('triple', mul(x, 3))
    const session = await engine.open(graph.toBytes())
    expect(await session.run({ x: floats(1) }, { outputs: ['triple'] })).toEqual({
      triple: floats(3),
    })
  })

  it('leaves feeds alone, unless they are given up', async () => {
    const session = await engine.open(doubling())
    const whole = floats(1, 2, 3, 4)
    const part = { ...whole, dims: [2], data: whole.data.subarray(1, 3) } as Tensor
    expect((await session.run({ x: part }))['y']).toEqual(floats(4, 6))
    expect((await session.run({ x: part }, { transfer: true }))['y']).toEqual(floats(4, 6))
    expect(whole.data).toHaveLength(4)
    await session.run({ x: whole }, { transfer: true })
    expect(whole.data).toHaveLength(0)
  })

  it('takes views of shared memory, which the runtime itself refuses', async () => {
    const session = await engine.open(doubling())
    const data = new Float32Array(new SharedArrayBuffer(8))
    data.set([1, 2])
    const x: Tensor = { type: 'float32', dims: [2], data }
    expect((await session.run({ x }, { transfer: true }))['y']).toEqual(floats(2, 4))
  })

  it('lets the calling thread go on during a long run', async () => {
    const session = await engine.open(squaring())
    let ticks = 0
    const timer = setInterval(() => {
      ticks += 1
    }, 1)
    await session.run({ x: matrix(1500) })
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(3)
  })

  it('says what is wrong with a model', async () => {
    const broken = engine.open(Uint8Array.of(1, 2, 3))
    await expect(broken).rejects.toThrowError(failsWith('ENGINE_FAILED', /protobuf/))
    const missing = engine.open({ path: 'no/such/model.onnx' })
    await expect(missing).rejects.toThrowError(failsWith('MODEL_FILE_MISSING', /no\/such/))
  })

  it('says what is wrong with feeds', async () => {
    const session = await engine.open(squaring())
    const run = (feeds: Record<string, Tensor>, outputs = ['y']) =>
      expect(session.run(feeds, { outputs })).rejects
    await run({}).toThrowError(failsWith('ENGINE_FAILED', /'x' is missing/))
    await run({ x: matrix(2), z: matrix(2) }).toThrowError(
      failsWith('ENGINE_FAILED', /no input 'z'/),
    )
    await run({ x: floats(1) }).toThrowError(failsWith('ENGINE_FAILED', /not float32\[1\]/))
    const double = { type: 'float64', dims: [1, 1], data: new Float64Array(1) } as const
    await run({ x: double }).toThrowError(failsWith('ENGINE_FAILED', /not float64/))
    const short = { type: 'float32', dims: [2, 2], data: new Float32Array(3) } as const
    await run({ x: short }).toThrowError(failsWith('ENGINE_FAILED', /3 values instead of 4/))
    await run({ x: matrix(2) }, ['w']).toThrowError(failsWith('ENGINE_FAILED', /no output 'w'/))
    const oblong = { type: 'float32', dims: [2, 3], data: new Float32Array(6) } as const
    await run({ x: oblong }).toThrowError(failsWith('ENGINE_FAILED'))
    expect((await session.run({ x: matrix(2) }))['y']?.data[0]).toBe(2)
  })

  it('says what the runtime says when a run fails', async () => {
    const graph = createGraph()
    const indices = graph.input('indices', 'int64', [1])
    graph.output('y', gather(graph.constant(floats(1, 2)), indices))
    const session = await engine.open(graph.toBytes())
    const far = { type: 'int64', dims: [1], data: BigInt64Array.of(9n) } as const
    await expect(session.run({ indices: far })).rejects.toThrowError(
      failsWith('ENGINE_FAILED', /out of data bounds/),
    )
  })

  it('ends the wait as soon as the signal fires, queued or running, and works on', async () => {
    const session = await engine.open(squaring())
    const abort = new AbortController()
    const running = session.run({ x: matrix(1000) }, { signal: abort.signal })
    const queued = session.run({ x: matrix(1000) }, { signal: abort.signal })
    abort.abort()
    await expect(running).rejects.toThrowError(failsWith('ABORTED'))
    await expect(queued).rejects.toThrowError(failsWith('ABORTED'))
    const late = session.run({ x: matrix(2) }, { signal: abort.signal })
    await expect(late).rejects.toThrowError(failsWith('ABORTED'))
    await expect(engine.open(doubling(), { signal: abort.signal })).rejects.toThrowError(
      failsWith('ABORTED'),
    )
    expect((await session.run({ x: matrix(2) }))['y']?.data[0]).toBe(2)
  })

  it('refuses calls after close, which may come twice', async () => {
    const session = await engine.open(doubling())
    await session.close()
    await session.close()
    await expect(session.run({ x: floats(1) })).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
    const other = await engine.open(doubling())
    await engine.close()
    await engine.close()
    await other.close()
    await expect(engine.open(doubling())).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
    await expect(engine.place(floats(1))).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
  })

  it('rejects what is under way when it is closed', async () => {
    const session = await engine.open(squaring())
    const running = session.run({ x: matrix(1000) })
    const queued = session.run({ x: matrix(1000) })
    const outcomes = Promise.allSettled([running, queued])
    await engine.close()
    for (const outcome of await outcomes) {
      expect(outcome).toEqual({ status: 'rejected', reason: failsWith('ENGINE_CLOSED') })
    }
  })
})

describe('a device', () => {
  it('other than the cpu has one worker, unless more are wanted', async () => {
    const engines = devices.map((device) => createEngine({ threads: 3, device }))
    expect(engines.map(({ workers }) => workers)).toEqual([3, 1, 1, 1, 1])
    const wanted = createEngine({ threads: 3, workers: 2, device: 'cuda' })
    expect(wanted.workers).toBe(2)
    await Promise.all([wanted, ...engines].map((engine) => engine.close()))
  })

  it('named webgpu has one engine a process', async () => {
    const first = createEngine({ device: 'webgpu' })
    const unavailable = failsWith('ENGINE_UNAVAILABLE', /Another engine/)
    expect(() => createEngine({ device: 'webgpu' })).toThrowError(unavailable)
    await first.close()
    const second = createEngine({ device: 'webgpu' })
    await first.close()
    expect(() => createEngine({ device: 'webgpu' })).toThrowError(unavailable)
    await second.close()
  })

  it.each(devices)('named %s computes, or says that it is not there', async (device) => {
    const engine = createEngine({ threads: 1, device })
    expect(engine.device).toBe(device)
    const compute = async () => (await engine.open(doubling())).run({ x: floats(1, -3) })
    const [first, second] = await Promise.allSettled([compute(), compute()])
    await engine.close()
    expect(second).toEqual(first)
    if (device === 'cpu' || first.status === 'fulfilled') {
      expect(first).toEqual({ status: 'fulfilled', value: { y: floats(2, -6) } })
    } else {
      expect(first.reason).toEqual(failsWith('ENGINE_UNAVAILABLE', new RegExp(`device ${device} `)))
    }
  })

  it('that is not there fails what runs beside data, too', async () => {
    const device = process.platform === 'win32' ? 'coreml' : 'dml'
    const engine = createEngine({ threads: 1, device })
    const module = new URL('./__fixtures__/counting-task.mjs', import.meta.url)
    const task = await engine.startTask<CountingMethods>(module)
    const run = task.call('run', { model: doubling(), feeds: { x: floats(4) } })
    await expect(run).rejects.toThrowError(failsWith('ENGINE_UNAVAILABLE'))
    await engine.close()
  })
})

describe('an engine that is forgotten', () => {
  it('does not keep the process alive', async () => {
    const script = fileURLToPath(new URL('./__fixtures__/forgotten-engine.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 })
    expect(stdout).toBe('42')
  })
})

describe('an engine that is closed before its workers have answered', () => {
  it('keeps the process alive until its threads have ended', async () => {
    const script = fileURLToPath(new URL('./__fixtures__/close-while-opening.mjs', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 20_000 })
    expect(stdout).toBe('closed')
  })
})

describe('a process that exits during a run', () => {
  it('keeps its own exit code', async () => {
    const script = fileURLToPath(new URL('./__fixtures__/exit-during-run.mjs', import.meta.url))
    const running = promisify(execFile)(process.execPath, [script], { timeout: 20_000 })
    await expect(running).rejects.toThrowError(expect.objectContaining({ code: 3, stderr: '' }))
  })
})

describe('place', () => {
  let engine: NodeEngine
  let folder: string
  beforeEach(async () => {
    engine = createEngine({ threads: 2 })
    folder = await mkdtemp(join(tmpdir(), 'assay-place-'))
  })
  afterEach(async () => {
    await engine.close()
    await rm(folder, { recursive: true })
  })

  it('feeds runs with a tensor that stays in the worker, whole or by rows', async () => {
    const x = await engine.place(floats(1, 2, 3, 4))
    const session = await engine.open(doubling(), { beside: x })
    expect((await session.run({ x }))['y']).toEqual(floats(2, 4, 6, 8))
    expect((await session.run({ x: x.rows(1, 3) }))['y']).toEqual(floats(4, 6))
    expect((await session.run({ x: x.rows(1, 4).rows(1, 2) }))['y']).toEqual(floats(6))
    expect(() => x.rows(2, 5)).toThrowError(failsWith('INVALID_ARGUMENT'))
    await x.release()
    await x.release()
    await expect(session.run({ x })).rejects.toThrowError(failsWith('ENGINE_CLOSED', /tensor/))
  })

  it('moves memory that is given up and copies the rest', async () => {
    const kept = floats(1)
    const given = floats(2)
    const tensors = [await engine.place(kept), await engine.place(given, { transfer: true })]
    expect([kept.data.length, given.data.length]).toEqual([1, 0])
    await Promise.all(tensors.map((tensor) => tensor.release()))
  })

  it('reads a region of a file in the worker', async () => {
    const path = join(folder, 'values.bin')
    await writeFile(path, new Uint8Array(Float32Array.of(7, 1, 2, 3, 4, 9).buffer))
    const x = await engine.place({ path, offset: 4, type: 'float32', dims: [4] })
    const session = await engine.open(doubling(), { beside: x })
    expect((await session.run({ x: x.rows(0, 4) }))['y']).toEqual(floats(2, 4, 6, 8))
    await x.release()
  })

  it('says which file is missing or too short', async () => {
    const path = join(folder, 'short.bin')
    await writeFile(path, new Uint8Array(7))
    const region = { path, offset: 0, type: 'float32', dims: [2] } as const
    await expect(engine.place(region)).rejects.toThrowError(
      failsWith('FILE_READ_FAILED', /1 bytes too early/),
    )
    await expect(engine.place({ ...region, path: `${path}.no` })).rejects.toThrowError(
      failsWith('FILE_MISSING'),
    )
  })

  it('refuses to feed a session in another worker', async () => {
    const x = await engine.place(floats(1))
    const y = await engine.place(floats(1))
    const session = await engine.open(doubling(), { beside: x })
    await expect(session.run({ x: y })).rejects.toThrowError(
      failsWith('ENGINE_FAILED', /another worker/),
    )
    await Promise.all([x.release(), y.release(), session.close()])
  })
})

interface CountingMethods {
  [name: string]: (argument: never, signal: AbortSignal) => Promise<unknown>
  threads(argument: null): Promise<number>
  sum(argument: { handle: unknown }): Promise<number>
  run(argument: { model: Uint8Array; feeds: Record<string, Tensor> }): Promise<unknown>
}

describe('startTask', () => {
  const module = new URL('./__fixtures__/counting-task.mjs', import.meta.url)
  let engine: NodeEngine
  beforeEach(() => {
    engine = createEngine({ threads: 2 })
  })
  afterEach(() => engine.close())

  it('runs methods beside resident tensors and sessions of its own', async () => {
    const tensor = await engine.place(floats(1, 2, 3))
    const task = await engine.startTask<CountingMethods>(module, { beside: tensor })
    expect(await task.call('threads', null)).toBe(2)
    expect(await task.call('sum', { handle: tensor.handle })).toBe(6)
    expect(await task.call('sum', { handle: tensor.rows(1, 3).handle })).toBe(5)
    const feeds = { x: floats(4) }
    expect(await task.call('run', { model: doubling(), feeds })).toEqual({ y: floats(8) })
    await task.close()
    await expect(task.call('threads', null)).rejects.toThrowError(failsWith('ENGINE_CLOSED'))
  })

  it('tells a method to stop when its caller does', async () => {
    const task = await engine.startTask<CountingMethods>(module)
    const abort = new AbortController()
    const waiting = task.call('untilAborted', null as never, { signal: abort.signal })
    setTimeout(() => abort.abort(), 20)
    await expect(waiting).rejects.toThrowError(failsWith('ABORTED'))
    // The method ends too, or this call would wait behind it for ever.
    expect(await task.call('threads', null)).toBe(2)
  })

  it('carries errors over as AssayErrors', async () => {
    const task = await engine.startTask<CountingMethods>(module)
    const failing = task.call('fail', null as never)
    await expect(failing).rejects.toThrowError(failsWith('ENGINE_FAILED', /out of luck/))
    const unknown = task.call('nothing', null as never)
    await expect(unknown).rejects.toThrowError(failsWith('INVALID_ARGUMENT', /'nothing'/))
    const refused = engine.startTask(module, { argument: { refuse: true } })
    await expect(refused).rejects.toThrowError(failsWith('ENGINE_FAILED', /refused/))
    const absent = engine.startTask(new URL('./absent.mjs', module))
    await expect(absent).rejects.toThrowError(failsWith('ENGINE_FAILED', /absent/))
  })

  it('refuses an argument that cannot travel', async () => {
    const starting = engine.startTask(module, { argument: { method: () => 1 } })
    await expect(starting).rejects.toThrowError(failsWith('INVALID_ARGUMENT', /worker/))
    const task = await engine.startTask<CountingMethods>(module)
    expect(await task.call('threads', null)).toBe(2)
  })

  it.each(['exit', 'throwLater'])('outlives a worker that ends by %s', async (method) => {
    const task = await engine.startTask<CountingMethods>(module)
    const everywhere = await engine.open(doubling(), { replicas: 'every' })
    const outcomes = await Promise.allSettled([
      task.call(method, null as never),
      task.call('threads', null),
    ])
    for (const outcome of outcomes) {
      expect(outcome).toEqual({ status: 'rejected', reason: failsWith('ENGINE_FAILED', /worker/) })
    }
    // The replica in the other worker goes on, and the lost worker is replaced.
    expect(await everywhere.run({ x: floats(1) })).toEqual({ y: floats(2) })
    const again = await engine.startTask<CountingMethods>(module)
    expect(await again.call('threads', null)).toBe(2)
    await Promise.all([task.close(), everywhere.close()])
  })

  it('throws errors that are known as AssayErrors on this side', async () => {
    const error = await engine.startTask(new URL('./absent.mjs', module)).catch((e: unknown) => e)
    expect(AssayError.isInstance(error)).toBe(true)
  })
})
