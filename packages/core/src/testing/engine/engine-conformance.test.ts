import { describe, expect, it } from 'vitest'
import type { Engine, EngineSession, RunOptions, Tensor } from '../../contracts/engine.js'
import { AssayError } from '../../errors/assay-error.js'
import { honestEngine } from './__fixtures__/honest-engine.js'
import { checkEngine, engineConformance } from './engine-conformance.js'

describe('an honest engine', () => {
  for (const { name, run } of engineConformance({ createEngine: honestEngine })) it(name, run)

  it('passes as a whole', () => checkEngine({ createEngine: honestEngine }))
})

type Feeds = Readonly<Record<string, Tensor>>
type Run = EngineSession['run']
type Break = (engine: Engine) => Partial<Engine>

/** Every session with something changed. */
const eachSession =
  (change: (session: EngineSession) => Partial<EngineSession>): Break =>
  (engine) => ({
    async open(model, options) {
      const session = await engine.open(model, options)
      return { ...session, ...change(session) }
    },
  })

/** Every run with something changed. */
const eachRun = (change: (run: Run) => Run) =>
  eachSession((session) => ({ run: change((feeds, options) => session.run(feeds, options)) }))

/** Every tensor of every result changed. */
const eachResult = (change: (tensor: Tensor, name: string) => Tensor) =>
  eachRun((run) => async (feeds, options) => {
    const results = Object.entries(await run(feeds, options))
    return Object.fromEntries(results.map(([name, tensor]) => [name, change(tensor, name)]))
  })

const withData = (tensor: Tensor, change: (data: never) => unknown) =>
  ({ ...tensor, data: change(tensor.data as never) }) as Tensor

/** Results of one element type changed. */
const carrying = (type: Tensor['type'], change: (data: never) => unknown) =>
  eachResult((tensor) => (tensor.type === type ? withData(tensor, change) : tensor))

/** Refusals with one of these codes turned into something else. */
const rather =
  (code: string, instead: () => unknown) =>
  async <Result>(action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action()
    } catch (error) {
      if (AssayError.isInstance(error) && error.code === code) return instead() as Result
      throw error
    }
  }

const plainError = () => {
  throw new RangeError('no')
}

/** Each session forgets that it was closed, or hands every call after it to an open one. */
function immortal(): Break {
  return (engine) => ({
    open: async (model, options) => ({
      ...(await engine.open(model, options)),
      close: async () => {},
    }),
  })
}

let calls = 0
const shared = new Float32Array(1000)

const breaks: Record<string, readonly [demand: string, change: Break]> = {
  'a specification of the future': ['says what it is', () => ({ specificationVersion: 2 as 1 })],
  'an empty id': ['says what it is', () => ({ id: ' ' })],
  'a device that is not told': ['says what it is', () => ({ device: '' })],
  'inputs without a name': [
    'tells its inputs and outputs',
    eachSession(({ inputs }) => ({ inputs: inputs.map((input) => ({ ...input, name: '' })) })),
  ],
  'inputs of unknown shape': [
    'tells its inputs and outputs',
    eachSession(({ inputs }) => ({ inputs: inputs.map((input) => ({ ...input, shape: [] })) })),
  ],
  'outputs of another type': [
    'tells its inputs and outputs',
    eachSession(({ outputs }) => ({
      outputs: outputs.map((output) => ({ ...output, type: 'float64' })),
    })),
  ],
  'no room for a run': ['tells its inputs and outputs', eachSession(() => ({ concurrency: 0 }))],
  'a model that is taken from its owner': [
    'tells its inputs and outputs',
    (engine) => ({
      async open(model, options) {
        const session = await engine.open(model, options)
        if (model instanceof Uint8Array) model.fill(0)
        return session
      },
    }),
  ],
  'types in another order': [
    'carries every element type',
    eachSession(({ inputs }) => ({ inputs: inputs.toReversed() })),
  ],
  'half floats as floats': [
    'carries every element type',
    carrying('float16', (bits: Uint16Array) => Float32Array.from(bits)),
  ],
  '64-bit integers through doubles': [
    'carries every element type',
    carrying('int64', (data: BigInt64Array) =>
      data.map((value) => BigInt(Number(value)) % 2n ** 63n),
    ),
  ],
  'doubles through floats': [
    'carries every element type',
    carrying('float64', (data: Float64Array) => data.map(Math.fround)),
  ],
  'zeros without their sign': [
    'carries every element type',
    carrying('float32', (data: Float32Array) => data.map((value) => value + 0)),
  ],
  'truths as numbers': [
    'carries every element type',
    eachResult((tensor) => (tensor.type === 'bool' ? { ...tensor, type: 'uint8' } : tensor)),
  ],
  'no rows': [
    'takes free dimensions of any size',
    eachRun((run) => async (feeds, options) => {
      if (feeds['x']?.dims[0] === 0) throw plainError()
      return run(feeds, options)
    }),
  ],
  'the size of the first run for all': [
    'takes free dimensions of any size',
    eachSession((session) => {
      let first: Promise<Record<string, Tensor>> | null = null
      return { run: (feeds, options) => (first ??= session.run(feeds, options)) }
    }),
  ],
  'dimensions that are lost': [
    'takes free dimensions of any size',
    eachResult((tensor) => ({ ...tensor, dims: [tensor.data.length] })),
  ],
  'all outputs whatever is asked for': [
    'gives the outputs that are asked for',
    eachRun((run) => (feeds) => run(feeds)),
  ],
  'one output where all are meant': [
    'gives the outputs that are asked for',
    eachRun((run) => (feeds, options) => run(feeds, { outputs: ['sum'], ...options })),
  ],
  'outputs by place instead of name': [
    'gives the outputs that are asked for',
    eachRun((run) => async (feeds, options) => {
      const results = Object.values(await run(feeds))
      const names = options?.outputs ?? ['sum', 'difference']
      return Object.fromEntries(names.map((name, at) => [name, results[at] as Tensor]))
    }),
  ],
  'sloppy arithmetic': [
    'computes what the graph says',
    carrying('float32', (data: Float32Array) => data.map((value) => value * 1.0001)),
  ],
  'another shape of a product': [
    'computes what the graph says',
    eachResult((tensor) => ({ ...tensor, dims: tensor.dims.toReversed() })),
  ],
  'values that are lost': [
    'computes what the graph says',
    carrying('float32', (data: Float32Array) => data.subarray(0, 10)),
  ],
  'bits that wander': [
    'gives the same bits',
    carrying('float32', (data: Float32Array) => {
      calls += 1
      return data.map((value) => value * (1 + (calls % 7) * 1e-6))
    }),
  ],
  'answers to another run': [
    'side by side apart',
    eachSession((session) => {
      let previous: Promise<Record<string, Tensor>> | null = null
      return {
        async run(feeds, options) {
          const own = session.run(feeds, options)
          own.catch(() => {})
          const answer = previous ?? own
          previous = own
          return answer
        },
      }
    }),
  ],
  'feeds that are taken unasked': [
    'leaves feeds alone',
    eachRun((run) => async (feeds, options) => {
      const results = await run(feeds, options)
      for (const { data } of Object.values(feeds)) data.fill(0 as never)
      return results
    }),
  ],
  'feeds that are read late': [
    'reads them at once',
    eachRun((run) => async (feeds, options) => {
      await Promise.resolve()
      return run(feeds, options)
    }),
  ],
  'feeds that cannot be given up': [
    'leaves feeds alone',
    eachRun((run) => async (feeds, options) => {
      if (options?.transfer) throw plainError()
      return run(feeds, options)
    }),
  ],
  'the buffer for the view': [
    'takes views',
    eachRun((run) => (feeds, options) => run(withoutViews(feeds), options)),
  ],
  'the buffer around a view': [
    'no more than them',
    eachRun((run) => async (feeds, options) => {
      const running = run(feeds, options)
      const buffer = feeds['x']?.data.buffer as ArrayBuffer
      if (options?.transfer) structuredClone(buffer, { transfer: [buffer] })
      return running
    }),
  ],
  'results in shared memory': [
    'the caller’s own',
    carrying('float32', (data: Float32Array) => {
      shared.set(data)
      return shared.subarray(0, data.length)
    }),
  ],
  'results that are kept': [
    'the caller’s own',
    eachSession((session) => {
      const kept = new Map<string, Promise<Record<string, Tensor>>>()
      return {
        async run(feeds, options) {
          const key = String(feeds['x']?.data)
          const result = kept.get(key) ?? session.run(feeds, options)
          kept.set(key, result)
          return result
        },
      }
    }),
  ],
  'any model': [
    'refuses a broken model',
    (engine) => ({
      open: (model, options) =>
        rather('ENGINE_FAILED', () => ({}))(() => engine.open(model, options)),
    }),
  ],
  'an error without a code': [
    'refuses a broken model',
    (engine) => ({
      open: (model, options) =>
        rather('ENGINE_FAILED', plainError)(() => engine.open(model, options)),
    }),
  ],
  'an engine that dies of a broken model': [
    'refuses a broken model, and works on',
    (engine) => {
      let isDead = false
      const die = () => {
        isDead = true
        throw new AssayError({ code: 'ENGINE_FAILED', message: 'm', remedy: 'r' })
      }
      return {
        async open(model, options) {
          const session = await rather('ENGINE_FAILED', die)(() => engine.open(model, options))
          return isDead ? { ...session, run: plainError } : session
        },
      }
    },
  ],
  'any feeds': [
    'refuses feeds and outputs',
    eachRun(
      (run) => (feeds, options) => rather('ENGINE_FAILED', () => ({}))(() => run(feeds, options)),
    ),
  ],
  'inputs that nobody has': [
    'refuses feeds and outputs',
    eachRun(
      (run) =>
        ({ y: _, ...feeds }, options) =>
          run(feeds, options),
    ),
  ],
  'outputs that nobody has': [
    'refuses feeds and outputs',
    eachRun((run) => (feeds, options) => {
      const outputs = options?.outputs?.filter((name) => name !== 'product')
      return run(feeds, { ...options, ...(outputs && { outputs }) })
    }),
  ],
  'a session that dies of wrong feeds': [
    'refuses feeds and outputs that do not fit, and works on',
    eachRun((run) => {
      let isDead = false
      const die = () => {
        isDead = true
        throw new AssayError({ code: 'ENGINE_FAILED', message: 'm', remedy: 'r' })
      }
      return (feeds, options) =>
        isDead ? die() : rather('ENGINE_FAILED', die)(() => run(feeds, options))
    }),
  ],
  'a signal that is not heard': [
    'stops when the signal',
    eachRun(
      (run) =>
        (feeds, { signal: _, ...options }: RunOptions = {}) =>
          run(feeds, options),
    ),
  ],
  'a signal that is heard at first only': [
    'stops when the signal',
    eachRun(
      (run) =>
        async (feeds, { signal, ...options }: RunOptions = {}) =>
          run(feeds, { ...options, ...(signal?.aborted && { signal }) }),
    ),
  ],
  'a signal that opening does not hear': [
    'stops when the signal',
    (engine) => ({ open: (model) => engine.open(model) }),
  ],
  'a session that dies of a signal': [
    'stops when the signal is aborted, and works on',
    eachRun((run) => {
      let isDead = false
      return async (feeds, options) => {
        isDead ||= options?.signal?.aborted ?? false
        if (isDead && !options?.signal) throw plainError()
        return run(feeds, options)
      }
    }),
  ],
  'sessions that live for ever': ['refuses to run a closed session', immortal()],
  'sessions that die together': [
    'refuses to run a closed session',
    (engine) => {
      const sessions: EngineSession[] = []
      return {
        async open(model, options) {
          const session = await engine.open(model, options)
          sessions.push(session)
          const close = async () => {
            await Promise.all(sessions.map((each) => each.close()))
          }
          return { ...session, close }
        },
      }
    },
  ],
  'sessions that close once': [
    'refuses to run a closed session',
    eachSession((session) => {
      let isClosed = false
      return {
        async close() {
          if (isClosed) throw plainError()
          isClosed = true
          await session.close()
        },
      }
    }),
  ],
  'an engine that lives for ever': [
    'refuses everything once closed',
    () => ({ close: async () => {} }),
  ],
  'runs that fail otherwise when the engine is closed': [
    'refuses everything once closed',
    eachRun(
      (run) => (feeds, options) => rather('ENGINE_CLOSED', plainError)(() => run(feeds, options)),
    ),
  ],
  'a session that cannot be closed after its engine': [
    'refuses everything once closed',
    (engine) => {
      let isClosed = false
      return {
        async open(model, options) {
          const session = await engine.open(model, options)
          return { ...session, close: async () => (isClosed ? plainError() : session.close()) }
        },
        async close() {
          isClosed = true
          await engine.close()
        },
      }
    },
  ],
}

/** Feeds with the start of the buffer in place of a view of it. */
const withoutViews = (feeds: Feeds): Feeds =>
  Object.fromEntries(
    Object.entries(feeds).map(([name, feed]) => [
      name,
      withData(feed, ({ buffer, length }: Float32Array) => new Float32Array(buffer, 0, length)),
    ]),
  )

describe('checkEngine', () => {
  it.each(Object.entries(breaks))('catches %s', async (_, [demand, change]) => {
    const createEngine = () => {
      const engine = honestEngine()
      return { ...engine, ...change(engine) }
    }
    const failed = await checkEngine({ createEngine }).catch((error: unknown) => error)
    expect(failed).toMatchObject({
      code: 'CONFORMANCE_FAILED',
      value: expect.arrayContaining([expect.stringContaining(demand)]),
    })
  })
})
