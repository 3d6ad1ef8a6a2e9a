import { execFile } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createMatrix, createRandom, type DenoisingHook, type Tensor } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { drawBatch, mixtureDenoiser } from '../__fixtures__/gaussian-mixture.js'
import { joinReferences } from '../references/join-references.js'
import { createReferenceBank } from '../references/reference-bank.js'
import { distanceBelow, referencesInMemory } from '../references/references-in-memory.js'
import { createShield } from '../shield/create-shield.js'
import { begin, hookOf, startService } from './__fixtures__/service-client.js'
import oracle from './python-client.oracle.json' with { type: 'json' }

/** What the Python script answers with. */
interface PythonRuns {
  readonly cases: Readonly<
    Record<
      string,
      { readonly final: readonly (readonly number[])[]; readonly active: readonly number[] }
    >
  >
  readonly batches: {
    readonly finals: readonly (readonly (readonly number[])[])[]
    readonly committed: object
  }
  readonly refusals: Readonly<Record<string, string | null>>
}

const script = fileURLToPath(new URL('../../python/assay_shield.oracle.py', import.meta.url))
const data =
  process.env['ASSAY_DATA'] ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url))
const hasPython = await promisify(execFile)('python3', ['-c', 'import numpy']).then(
  () => true,
  () => false,
)
const hasTrajectories = existsSync(`${data}/schedulers/golden.json`)

/** Runs the script; -B, so that it leaves nothing behind. */
async function python(mode: 'runs' | 'golden', request: object): Promise<unknown> {
  const child = promisify(execFile)('python3', ['-B', script, mode], { maxBuffer: 2 ** 26 })
  child.child.stdin?.end(JSON.stringify(request))
  return JSON.parse((await child).stdout)
}

// Eight Gaussians in 6 dimensions, the first five protected.
const dimensions = 6
const random = createRandom('python client')
const means = Array.from({ length: 8 }, () =>
  Float64Array.from({ length: dimensions }, () => Math.fround(2 * random.normal())),
)
const spread = 0.1
const denoise = mixtureDenoiser({ means, spread })
const references = referencesInMemory(
  createMatrix({ data: means.slice(0, 5).map((mean) => [...mean]) }),
)
const seeds = Array.from({ length: 12 }, (_, seed) => seed)
const steps = 16
const options = { radius: 1, mode: 'static', references: 'protected', overcompensation: 1.6 }
const levels = [
  ...Array.from(
    { length: steps },
    (_, step) => (80 ** (1 / 7) + (step / (steps - 1)) * (0.002 ** (1 / 7) - 80 ** (1 / 7))) ** 7,
  ),
  0,
]

const draw = (name: string, hook?: DenoisingHook) =>
  drawBatch({
    denoise,
    dimensions,
    seeds,
    steps,
    sampler: 'euler',
    random: createRandom(name),
    ...(hook && { hook }),
  })

/** The states that `drawBatch` begins with. */
const initialOf = (name: string) =>
  seeds.map((seed) => {
    const { normal } = createRandom(name).fork(`noise ${seed}`)
    return Array.from({ length: dimensions }, () => 80 * normal())
  })

/** DPM-Solver++ 2M over x = x0 + σ e, first order at both ends (Lu et al., 2022). */
async function drawMultistep(name: string, hook: DenoisingHook): Promise<readonly Float64Array[]> {
  let states = initialOf(name).map((row) => Float64Array.from(row))
  let earlier: readonly Float64Array[] | null = null
  for (const [index, sigma] of levels.slice(0, -1).entries()) {
    const next = levels[index + 1]!
    const joined = (rows: readonly Float64Array[]): Tensor => ({
      type: 'float64',
      dims: [rows.length, dimensions],
      data: Float64Array.from(rows.flatMap((row) => [...row])),
    })
    const predictions = states.map((state) => denoise(state, sigma))
    const moved = await hook({
      index,
      count: steps,
      timestep: sigma,
      signalCoefficient: 1,
      noiseCoefficient: sigma,
      seeds,
      state: joined(states),
      prediction: joined(predictions),
      condition: null,
      guidanceScale: 1,
    })
    const data = (moved?.prediction ?? joined(predictions)).data as Float64Array
    const clean = seeds.map((_, row) => data.slice(row * dimensions, (row + 1) * dimensions))
    if (next === 0) return clean
    const step = Math.log(sigma / next)
    const before = earlier
    const ratio = index === 0 ? 1 : Math.log(levels[index - 1]! / sigma) / step
    states = states.map((state, row) =>
      state.map((value, at) => {
        const slope = before ? (clean[row]![at]! - before[row]![at]!) / (2 * ratio) : 0
        return (next / sigma) * value - Math.expm1(-step) * (clean[row]![at]! + slope)
      }),
    )
    earlier = clean
  }
  return states
}

const first = ['epsilon', 'v_prediction', 'sample']
const cases = Object.fromEntries(
  [
    ...first.map((prediction) => ['DDIMScheduler', prediction, 'float64', 'wrapper']),
    ...first.map((prediction) => ['EulerDiscreteScheduler', prediction, 'float64', 'wrapper']),
    ['FlowMatchEulerDiscreteScheduler', 'epsilon', 'float64', 'wrapper'],
    ['DPMSolverMultistepScheduler', 'epsilon', 'float64', 'wrapper'],
    ['DDIMScheduler', 'v_prediction', 'float64', 'callback'],
    ['EulerDiscreteScheduler', 'epsilon', 'float64', 'callback'],
    ['FlowMatchEulerDiscreteScheduler', 'epsilon', 'float64', 'callback'],
    ['EulerDiscreteScheduler', 'epsilon', 'float64', 'lossy wrapper'],
    ['EulerDiscreteScheduler', 'epsilon', 'float32', 'wrapper'],
    ['DDIMScheduler', 'v_prediction', 'float32', 'wrapper'],
    ['FlowMatchEulerDiscreteScheduler', 'epsilon', 'float32', 'wrapper'],
    ['FlowMatchEulerDiscreteScheduler', 'epsilon', 'float32', 'callback'],
  ].map(([scheduler, prediction, dtype, way]) => [
    [scheduler, prediction, dtype, way].join(' '),
    { scheduler, prediction, dtype, way },
  ]),
)

/** What this package's own loop draws: of one step's memory, of two, and in two batches with a bank. */
async function inTypeScript() {
  const shielded = () => createShield({ references, radius: 1, overcompensation: 1.6 })
  const [single, multi] = [shielded(), shielded()]
  const euler = await draw('one', single.hook)
  const multistep = await drawMultistep('one', multi.hook)
  const bank = createReferenceBank({ dimensions })
  const batches: (readonly Float64Array[])[] = []
  for (const name of ['one', 'two']) {
    const both = joinReferences([references, bank])
    const shield = createShield({ references: both, apart: true, radius: 1, overcompensation: 1.6 })
    const finals = await draw(name, shield.hook)
    bank.add(finals)
    batches.push(finals)
  }
  return {
    euler,
    multistep,
    batches,
    active: [single, multi].map(({ calls }) => calls.map((call) => call.active)),
  }
}

const rows = (matrix: readonly Float64Array[]) => matrix.map((row) => [...row])

/** Largest difference of two sets of rows, as a share of the largest value. */
function difference(
  one: readonly ArrayLike<number>[],
  other: readonly ArrayLike<number>[],
): number {
  const values = (matrix: readonly ArrayLike<number>[]) => matrix.flatMap((row) => Array.from(row))
  const [left, right] = [values(one), values(other)]
  expect(left).toHaveLength(right.length)
  const largest = Math.max(...right.map(Math.abs))
  return Math.max(...left.map((value, at) => Math.abs(value - right[at]!))) / largest
}

const own = await inTypeScript()

function expectSameRuns({ cases: found, batches }: PythonRuns): void {
  expect(Object.keys(found)).toEqual(Object.keys(cases))
  for (const [name, { final, active }] of Object.entries(found)) {
    const isMultistep = name.startsWith('DPM')
    const expected = isMultistep ? own.multistep : own.euler
    expect(difference(final, expected), name).toBeLessThan(name.includes('float32') ? 1e-4 : 1e-9)
    if (name.includes('float64')) expect(active, name).toEqual(own.active[isMultistep ? 1 : 0])
  }
  batches.finals.forEach((finals, batch) => {
    expect(difference(finals, own.batches[batch]!)).toBeLessThan(1e-9)
  })
  expect(batches.committed).toMatchObject({ pictures: 12, banked: 24 })
}

async function runPython(): Promise<PythonRuns> {
  const service = await startService({ references: { protected: references } })
  const found = await python('runs', {
    url: service.url,
    token: service.token,
    options,
    cases,
    means: rows(means),
    spread,
    seeds,
    sigmas: levels,
    initial: initialOf('one'),
    again: initialOf('two'),
  })
  expect(service.sessions).toBe(0)
  return found as PythonRuns
}

describe('one run, shielded in three ways', () => {
  it('has something to keep out', async () => {
    const inside = (pictures: readonly Float64Array[]) =>
      pictures.filter((picture) =>
        means.slice(0, 5).some((mean) => distanceBelow(picture, mean, 1 - 1e-6) !== null),
      ).length
    expect(inside(await draw('one'))).toBeGreaterThan(2)
    expect(inside(own.euler)).toBe(0)
    expect(own.active.flat().reduce((sum, active) => sum + active, 0)).toBeGreaterThan(20)
  })

  it('is the same, bit for bit, through the service', async () => {
    const service = await startService({ references: { protected: references } })
    const settings = { ...options, shape: [seeds.length, dimensions], dtype: 'float64', seeds }
    const hook = hookOf(service, await begin(service, settings))
    expect(rows(await draw('one', hook))).toEqual(rows(own.euler))
    const other = hookOf(service, await begin(service, settings))
    expect(rows(await drawMultistep('one', other))).toEqual(rows(own.multistep))
  })

  it('was the same in Python, by every parametrisation, as stored', () => {
    expectSameRuns(oracle.runs)
  })

  it('is the same in Python', async ({ skip }) => {
    if (!hasPython) return skip('no python3 with numpy')
    const found = await runPython()
    if (process.env['ASSAY_ORACLE'] === 'write') {
      const golden = await python('golden', { data: `${data}/schedulers` })
      const target = fileURLToPath(new URL('./python-client.oracle.json', import.meta.url))
      writeFileSync(target, `${JSON.stringify({ runs: found, golden }, null, 1)}\n`)
    }
    expectSameRuns(found)
    expect(found.refusals).toEqual(oracle.runs.refusals)
  })
})

describe('the Python client', () => {
  it('refuses what it cannot shield exactly, by code', () => {
    const {
      'wrong token': token,
      'not finite': finite,
      'nobody there': nobody,
      ...own
    } = oracle.runs.refusals
    expect([token, finite, nobody]).toEqual(['ACCESS_DENIED', 'NOT_FINITE', 'NETWORK_FAILED'])
    for (const [what, code] of Object.entries(own)) expect(code, what).toBe('INVALID_ARGUMENT')
    expect(Object.keys(own)).toHaveLength(11)
  })

  it('inferred the predictions of 22 trajectories of diffusers, as stored', () => {
    const errors = Object.entries(oracle.golden)
    expect(errors).toHaveLength(22)
    for (const [name, error] of errors) expect(error, name).toBeLessThan(1e-5)
  })

  it('infers them still', async ({ skip }) => {
    if (!hasPython || !hasTrajectories) return skip('no python3 with numpy, or no ASSAY_DATA')
    const found = (await python('golden', { data: `${data}/schedulers` })) as Record<string, number>
    expect(Object.keys(found)).toEqual(Object.keys(oracle.golden))
    for (const [name, error] of Object.entries(found)) expect(error, name).toBeLessThan(1e-5)
  })
})
