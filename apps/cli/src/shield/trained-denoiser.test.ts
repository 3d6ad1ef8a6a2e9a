import { createMatrix, createRandom, type DenoisingHook } from '@assay/core'
import { fisherExactTest, holm } from '@assay/core/statistics'
import { type Denoiser, readScheduler, sample, seededNoise } from '@assay/diffusion'
import { calibrateRadius, createShield, referencesInMemory } from '@assay/repellency'
import { type ShieldService, serveShield } from '@assay/repellency/serve'
import { createEngine } from '@assay/tensor'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginRun, type ServiceRun } from './__fixtures__/begin-run.js'
import { denoiserOf, parametrization, trainDenoiser } from './__fixtures__/trained-denoiser.js'

type Point = readonly [number, number]

// Eight classes on a circle, so that each coordinate has a deviation of about 0.5; 25 points to learn of each.
const centres = Array.from({ length: 8 }, (_, at): Point => {
  const angle = (at * Math.PI) / 4
  return [0.7 * Math.cos(angle), 0.7 * Math.sin(angle)]
})
const { normal } = createRandom('points')
const training = centres.map(([x, y]) =>
  Array.from({ length: 25 }, (): Point => [x + 0.06 * normal(), y + 0.06 * normal()]),
)
// A tenth of the points are protected: ten of each of two classes.
const shielded = [0, 4]
const unshielded = [1, 2, 3, 5, 6, 7]
const referencesOf = (points: readonly Point[]) =>
  referencesInMemory(createMatrix({ data: Float32Array.from(points.flat()), columns: 2 }))
const references = referencesOf(shielded.flatMap((at) => training[at]?.slice(0, 10) ?? []))

const engine = createEngine({ threads: 1 })
const schedule = readScheduler({ _class_name: 'EDMEulerScheduler' }).schedule({ steps: 18 })
const seedsFrom = (first: number, count = 2000) =>
  Array.from({ length: count }, (_, at) => first + at)
let denoiser: Denoiser
let radius: number

const draw = async (seeds: readonly number[], hook?: DenoisingHook): Promise<Float32Array> =>
  (await sample({ denoiser, schedule, seeds, ...(hook && { hook }) })).state

beforeAll(async () => {
  expect(schedule.parametrization).toEqual(parametrization)
  const session = await engine.open(await trainDenoiser(engine, training.flat()))
  denoiser = denoiserOf(session)
  const outputs = createMatrix({ data: await draw(seedsFrom(0, 500)), columns: 2 })
  ;({ radius } = await calibrateRadius({ outputs, references, quantile: 0.1 }))
}, 60_000)
afterAll(() => engine.close())

const pointsOf = (state: Float32Array) =>
  Array.from({ length: state.length / 2 }, (_, row) =>
    Float64Array.from(state.subarray(2 * row, 2 * row + 2)),
  )

/** How many lie in a shield. */
async function hits(state: Float32Array): Promise<number> {
  const found = await references.within(pointsOf(state), { radius })
  return found.filter((near) => near.length > 0).length
}

/** How many points belong to each class, by the nearest centre. */
function histogram(state: Float32Array): readonly number[] {
  const counts = new Array<number>(centres.length).fill(0)
  for (const [x = 0, y = 0] of pointsOf(state)) {
    const away = centres.map((centre) => Math.hypot(x - centre[0], y - centre[1]))
    const nearest = away.indexOf(Math.min(...away))
    counts[nearest] = (counts[nearest] ?? 0) + 1
  }
  return counts
}

/** The smallest p that a class has another share in two independent sets, corrected for the number of classes. */
function smallestP(one: Float32Array, other: Float32Array, classes: readonly number[]): number {
  const [before, after] = [histogram(one), histogram(other)]
  const tests = classes.map(
    (at) =>
      fisherExactTest(
        { successes: before[at] ?? 0, trials: one.length / 2 },
        { successes: after[at] ?? 0, trials: other.length / 2 },
      ).pValue,
  )
  return Math.min(...holm(tests))
}

describe('a network that was trained on points, run through ONNX', () => {
  it('draws from every class, and near protected points as often as it was calibrated', async () => {
    const base = await draw(seedsFrom(1000))
    for (const count of histogram(base)) expect(count / 2000).toBeGreaterThan(0.08)
    const share = (await hits(base)) / 2000
    expect(share).toBeGreaterThan(0.06)
    expect(share).toBeLessThan(0.14)
  })

  it('draws nothing in a strict shield, where the plain form leaves some in', async () => {
    const plain = createShield({ references, radius })
    expect(await hits(await draw(seedsFrom(1000), plain.hook))).toBeGreaterThan(10)
    const strict = createShield({ references, radius, strict: true })
    expect(await hits(await draw(seedsFrom(1000), strict.hook))).toBe(0)
  })

  it('draws what never came near a shield as without it, bit for bit', async () => {
    const base = pointsOf(await draw(seedsFrom(1000)))
    const shield = createShield({ references, radius, strict: true })
    const drawn = pointsOf(await draw(seedsFrom(1000), shield.hook))
    const changed = drawn.flatMap((point, row) =>
      point.every((value, at) => value === base[row]?.[at]) ? [] : [1000 + row],
    )
    const active = shield.pictures.flatMap(({ seed, activeCalls }) =>
      activeCalls > 0 ? [seed] : [],
    )
    expect(changed.length).toBeGreaterThan(100)
    expect(active).toEqual(expect.arrayContaining(changed))
    expect(active.length).toBeLessThan(500)
  })

  it('draws the unshielded classes as often as without a shield', async () => {
    const base = await draw(seedsFrom(3000))
    const { hook } = createShield({ references, radius, strict: true })
    expect(smallestP(base, await draw(seedsFrom(1000), hook), unshielded)).toBeGreaterThan(0.01)
    // The same test finds a shield that empties a class.
    const emptying = createShield({
      references: referencesOf(training[2] ?? []),
      ...{ radius: 0.2, strict: true },
    })
    expect(smallestP(base, await draw(seedsFrom(1000), emptying.hook), unshielded)).toBeLessThan(
      1e-6,
    )
  })
})

/** Draws with a shield, and what it made of the predictions of every model call. */
async function drawWatched(seeds: readonly number[], hook: DenoisingHook) {
  const corrected: number[] = []
  const state = await draw(seeds, async (step) => {
    const moved = await hook(step)
    corrected.push(...((moved?.prediction ?? step.prediction).data as Float32Array))
    return moved
  })
  return { state, corrected }
}

/** Makes Euler's steps without a shield, as a sampler of another program, and has each corrected afterwards. */
async function drawStepwise(seeds: readonly number[], run: ServiceRun): Promise<Float32Array> {
  const starts = seeds.flatMap((seed) => [...seededNoise(seed, 0, 2)])
  let state = Float32Array.from(starts, (value) => schedule.initialScale * value)
  for (const [index, call] of schedule.calls.entries()) {
    const told = { condition: null, guidanceScale: 1, signal: undefined }
    const { clean } = await denoiser.predict({ ...call, ...told, state, rows: seeds.length, seeds })
    const next = schedule.calls[index + 1]?.noiseCoefficient ?? 0
    const kept = next / call.noiseCoefficient
    const after = Float64Array.from(
      state,
      (value, at) => kept * value + (1 - kept) * (clean[at] ?? Number.NaN),
    )
    const levels = { sigma: call.noiseCoefficient, next }
    const before = Float64Array.from(state)
    state = Float32Array.from(
      await run.step({ index, levels, dims: [seeds.length, 2], before, after }),
    )
  }
  return state
}

const farthest = (one: ArrayLike<number>, other: ArrayLike<number>) =>
  Math.max(...Array.from(one, (value, at) => Math.abs(value - (other[at] ?? Number.NaN))))

describe('the same network, shielded over HTTP', () => {
  const seeds = seedsFrom(1000, 256)
  const form = { shape: [seeds.length, 2], mode: 'static', references: 'training', strict: true }
  let service: ShieldService
  let inProcess: Awaited<ReturnType<typeof drawWatched>>
  beforeAll(async () => {
    service = await serveShield({ references: { training: references } })
    const shield = createShield({ references, radius, strict: true })
    inProcess = await drawWatched(seeds, shield.hook)
    expect(inProcess.corrected).toHaveLength(schedule.calls.length * seeds.length * 2)
    expect(farthest(inProcess.state, await draw(seeds))).toBeGreaterThan(0.01)
  })
  afterAll(() => service.close())

  it('has the same predictions at every model call, and draws the same', async () => {
    const run = await beginRun(service, { ...form, radius, seeds, dtype: 'float32' })
    const overHttp = await drawWatched(seeds, run.hook)
    expect(farthest(inProcess.corrected, overHttp.corrected)).toBeLessThan(1e-6)
    expect(farthest(inProcess.state, overHttp.state)).toBeLessThan(1e-6)
    expect(await run.commit(seeds.length, overHttp.state)).toEqual([])
  })

  it('draws the same where each step is corrected after it was made', async () => {
    const parametrisation = 'variance-exploding'
    const run = await beginRun(service, {
      ...form,
      radius,
      seeds,
      dtype: 'float64',
      parametrisation,
    })
    expect(farthest(inProcess.state, await drawStepwise(seeds, run))).toBeLessThan(1e-6)
  })
})
