import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Engine, Tensor } from '@assay/core'
import { engineConformance } from '@assay/core/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { childProcesses, eventually, lives } from './__fixtures__/child-processes.js'
import {
  doublingChain,
  endlessLoop,
  externalModel,
  growingLoop,
  type HidingPlace,
  hoardingLoop,
  hugeConstant,
  hugeExpand,
  lyingConstant,
  nestedConditions,
} from './__fixtures__/hostile-models.js'
import { createIsolatedEngine } from './create-isolated-engine.js'

const mebibyte = 2 ** 20
const isLinux = process.platform === 'linux'

const floats = (...values: number[]): Tensor => ({
  type: 'float32',
  dims: [values.length],
  data: Float32Array.from(values),
})
const integers = (...values: number[]): Tensor => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
})

const failsWith = (code: string, message?: RegExp) =>
  expect.objectContaining({ code, ...(message && { message: expect.stringMatching(message) }) })

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-isolated-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a file and gives its path. */
function put(name: string, content: Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** y = x. */
const harmless = () => nestedConditions(1)

describe('createIsolatedEngine', () => {
  it.each([{ threads: 0 }, { memoryBytes: -1 }, { seconds: Number.NaN }, { seconds: 2 ** 31 }])(
    'refuses limits that cannot be: %o',
    (options) => {
      expect(() => createIsolatedEngine(options)).toThrowError(failsWith('INVALID_ARGUMENT'))
    },
  )

  it.each(engineConformance({ createEngine: () => createIsolatedEngine({ threads: 1 }) }))(
    'holds to the contract: $name',
    ({ run }) => run(),
  )
})

describe('an isolated model', () => {
  let engine: Engine
  beforeEach(() => {
    engine = createIsolatedEngine({ threads: 1, seconds: 2, memoryBytes: 400 * mebibyte })
  })
  afterEach(() => engine.close())

  const outcomeOf = async (model: Uint8Array, feeds: Record<string, Tensor>) => {
    const session = await engine.open(model)
    return session.run(feeds).finally(() => session.close())
  }

  it('runs from bytes and from a file alike', async () => {
    const path = put('harmless.onnx', harmless())
    for (const model of [harmless(), { path }]) {
      const session = await engine.open(model)
      expect(await session.run({ x: floats(1, 2) })).toEqual({ y: floats(1, 2) })
    }
  })

  it.each<[string, Uint8Array, Record<string, Tensor>]>([
    ['a constant of 16 GiB', hugeConstant(2 ** 20, 2 ** 12), { x: floats(1) }],
    ['a constant of 4 TiB', hugeConstant(2 ** 40), { x: floats(1) }],
    ['a constant of 500 MiB', hugeConstant(125 * mebibyte), { x: floats(1) }],
    ['an input that stretches to 4 GiB', hugeExpand(), { x: floats(1), size: integers(2 ** 30) }],
    ['forty doublings', doublingChain(40), { x: floats(1) }],
    ['a loop that doubles', growingLoop(), { x: floats(1) }],
    ['a loop that hoards', hoardingLoop(), { x: floats(1) }],
    ['a loop without end', endlessLoop(), { x: floats(1) }],
    ['an output of 100 MiB', hugeExpand(), { x: floats(1), size: integers(25 * mebibyte) }],
  ])('is stopped: %s', async (_, model, feeds) => {
    const before = process.memoryUsage.rss()
    const outcome = outcomeOf(model, feeds)
    await expect(outcome).rejects.toThrowError(failsWith('MODEL_RESOURCE_LIMIT'))
    expect(process.memoryUsage.rss() - before).toBeLessThan(50 * mebibyte)
    expect(await outcomeOf(harmless(), { x: floats(7) })).toEqual({ y: floats(7) })
  })

  it('says which limit it met, and what it was', async () => {
    const endless = outcomeOf(endlessLoop(), { x: floats(1) })
    await expect(endless).rejects.toThrowError(failsWith('MODEL_RESOURCE_LIMIT', /more than 2 s/))
    const hoarding = outcomeOf(hoardingLoop(), { x: floats(1) })
    const memory = failsWith('MODEL_RESOURCE_LIMIT', /more than 419430400 bytes of memory/)
    await expect(hoarding).rejects.toThrowError(memory)
  })

  it('may take long to load only as long as a run', async () => {
    const hasty = createIsolatedEngine({ threads: 1, seconds: 0.1 })
    const opening = hasty.open(nestedConditions(12))
    await expect(opening).rejects.toThrowError(failsWith('MODEL_RESOURCE_LIMIT', /0\.1 s/))
    await hasty.close()
  })

  it('is refused where it is nested deeper than any model', async () => {
    let deep = new Uint8Array(0)
    // A graph within an attribute within a node within a graph, over and over.
    for (let level = 0; level < 500; level++) {
      for (const field of [6, 5, 1]) {
        const head = Buffer.from([field * 8 + 2, ...varint(deep.length)])
        deep = Uint8Array.from(Buffer.concat([head, deep]))
      }
    }
    const model = Buffer.concat([Buffer.from([7 * 8 + 2, ...varint(deep.length)]), deep])
    await expect(engine.open(model)).rejects.toThrowError(failsWith('ENGINE_FAILED'))
  })

  it('is refused where a constant claims more than it holds', async () => {
    for (const size of [2, 2 ** 20, 2 ** 31, 2 ** 40, 2 ** 62]) {
      const opening = engine.open(lyingConstant(size))
      await expect(opening).rejects.toThrowError(failsWith('ENGINE_FAILED'))
    }
  })

  it('is refused where its file does not fit into its memory', async () => {
    const path = put('large.onnx', harmless())
    truncateSync(path, 500 * mebibyte)
    const opening = engine.open({ path })
    await expect(opening).rejects.toThrowError(failsWith('MODEL_RESOURCE_LIMIT', /large\.onnx/))
    rmSync(path)
  })

  it('does not take others with it', async () => {
    const good = await engine.open(harmless())
    const bad = await engine.open(endlessLoop())
    const running = bad.run({ x: floats(1) })
    const waiting = good.run({ x: floats(5) })
    await expect(running).rejects.toThrowError(failsWith('MODEL_RESOURCE_LIMIT'))
    expect(await waiting).toEqual({ y: floats(5) })
    const again = bad.run({ x: floats(1) })
    await expect(again).rejects.toThrowError(failsWith('ENGINE_FAILED', /has ended.*2 s/))
  })

  it.runIf(isLinux)('that crashes costs only its session', async () => {
    const session = await engine.open(endlessLoop())
    const [pid] = childProcesses() as [number]
    const running = session.run({ x: floats(1) })
    setTimeout(() => process.kill(pid, 'SIGSEGV'), 100)
    await expect(running).rejects.toThrowError(failsWith('ENGINE_FAILED', /SIGSEGV/))
    expect(await outcomeOf(harmless(), { x: floats(3) })).toEqual({ y: floats(3) })
  })

  it.runIf(isLinux)('is told nothing of the environment', async () => {
    process.env['ASSAY_TEST_SECRET'] = 'a token'
    process.env['NODE_OPTIONS'] = '--title=inherited'
    await engine.open(harmless())
    const [pid] = childProcesses() as [number]
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
    const names = environment.map((entry) => entry.split('=')[0])
    delete process.env['ASSAY_TEST_SECRET']
    delete process.env['NODE_OPTIONS']
    // The shell that sets the limits adds where it is.
    expect(names.filter((name) => name !== '' && name !== 'PWD')).toEqual([])
  })

  it('is forgotten at once where the opening is aborted', async () => {
    const abort = new AbortController()
    const opening = engine.open(nestedConditions(12), { signal: abort.signal })
    setTimeout(() => abort.abort(), 200)
    await expect(opening).rejects.toThrowError(failsWith('ABORTED'))
    if (isLinux) await eventually(() => childProcesses().length === 0)
  })
})

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]

describe('data outside of a model', () => {
  let engine: Engine
  beforeAll(() => {
    engine = createIsolatedEngine({ threads: 1 })
    const values = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer)
    put('outside.bin', values)
    put('model/inside.bin', values)
    linkSync(join(folder, 'outside.bin'), join(folder, 'model/linked.bin'))
  })
  afterAll(() => engine.close())

  const open = (location: string, place?: HidingPlace) =>
    engine.open({ path: put('model/model.onnx', externalModel(location, place)) })

  it('is read from its folder', async () => {
    const session = await open('inside.bin')
    const { y } = await session.run({ x: floats(1, 1, 1, 1) })
    expect(y).toEqual(floats(2, 3, 4, 5))
  })

  // The runtime itself follows hard links, and reads beside the working directory for bytes.
  it.each(['initializer', 'attribute', 'branch', 'sparse'] as const)(
    'is refused before the runtime sees it, in %s too',
    async (place) => {
      for (const location of ['../outside.bin', join(folder, 'outside.bin'), 'linked.bin']) {
        const opening = open(location, place)
        await expect(opening).rejects.toThrowError(failsWith('MODEL_UNSAFE'))
      }
    },
  )

  it('is refused of a model that comes as bytes', async () => {
    const opening = engine.open(externalModel('inside.bin'))
    await expect(opening).rejects.toThrowError(failsWith('MODEL_UNSAFE', /given as bytes/))
  })
})

describe.runIf(isLinux)('processes', () => {
  it('end with their session, and with their engine', async () => {
    const engine = createIsolatedEngine({ threads: 1 })
    const sessions = [await engine.open(harmless()), await engine.open(harmless())]
    expect(childProcesses()).toHaveLength(2)
    await sessions[0]?.close()
    expect(childProcesses()).toHaveLength(1)
    const running = sessions[1]?.run({ x: floats(1) })
    await Promise.allSettled([running, engine.close()])
    expect(childProcesses()).toEqual([])
  })

  const program = (name: string) =>
    fileURLToPath(new URL(`./__fixtures__/${name}`, import.meta.url))

  it.each(['killed', 'left'])('end with a program that is %s amid an endless run', async (how) => {
    const path = put('endless.onnx', endlessLoop())
    const parent = spawn(process.execPath, [program('busy-program.mjs'), path], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(parent.stdout, 'data')
    const [child] = childProcesses(parent.pid) as [number]
    // The run has begun when its thread has used some time.
    await eventually(() => processorTicks(child) > 50)
    if (how === 'killed') parent.kill('SIGKILL')
    else parent.stdin.write('\n')
    expect(await once(parent, 'exit')).toEqual(how === 'killed' ? [null, 'SIGKILL'] : [3, null])
    await eventually(() => !lives(child))
  })

  it('do not keep a program running that forgets them', async () => {
    const path = put('harmless.onnx', harmless())
    const script = program('forgetful-program.mjs')
    const { stdout } = await promisify(execFile)(process.execPath, [script, path])
    expect(stdout).toBe('21')
  })
})

/** Time that a process has computed, in hundredths of a second. */
function processorTicks(pid: number): number {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')
  return Number(fields.split(' ')[11])
}
