import type { EngineSession } from '../../contracts/engine.js'
import { expectSame, expectThat } from '../expectations.js'
import {
  delicateFeeds,
  elementTypes,
  type Floats,
  productFeeds,
  productGraph,
  sumsFeeds,
  sumsGraph,
  sumsResults,
  typesGraph,
} from './engine-graphs.js'
import type { EngineSubject } from './engine-subject.js'
import { expectTensors } from './expect-tensors.js'

/** Throws unless a session of the sums graph still computes. */
export async function expectWorking(session: EngineSession): Promise<void> {
  expectTensors(await session.run(sumsFeeds()), sumsResults(), 'a plain run')
}

export function checkDescription({ engine }: EngineSubject): void {
  expectThat(engine.specificationVersion === 1, 'The specification version must be 1.')
  for (const field of ['id', 'device'] as const) {
    expectThat(engine[field].trim() !== '', `The field ${field} must not be empty.`)
  }
}

export async function checkSpecifications({ engine }: EngineSubject): Promise<void> {
  const model = sumsGraph()
  const session = await engine.open(model)
  const specification = (name: string, ...shape: (number | string)[]) => ({
    name,
    type: 'float32',
    shape,
  })
  expectSame(session.inputs, [specification('x', 'n', 3), specification('shift')], 'The inputs')
  const outputs = [specification('sum', 'n', 3), specification('difference', 'n', 3)]
  expectSame(session.outputs, outputs, 'The outputs')
  const { concurrency } = session
  expectThat(Number.isInteger(concurrency) && concurrency >= 1, 'The concurrency must be from 1.')
  expectSame([...model], [...sumsGraph()], "The caller's model")
}

export async function checkTypes({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(typesGraph())
  expectSame(
    session.inputs.map(({ type }) => type),
    elementTypes,
    'The list of types',
  )
  const feeds = delicateFeeds(6)
  const expected = elementTypes.map((type) => [`${type}_out`, feeds[`${type}_in`]!])
  expectTensors(await session.run(feeds), Object.fromEntries(expected), 'what was carried')
}

export async function checkSizes({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  for (const rows of [1, 5, 0, 2]) {
    expectTensors(
      await session.run(sumsFeeds(7, rows)),
      sumsResults(7, rows),
      `a run on ${rows} rows`,
    )
  }
}

export async function checkOutputs({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  const { sum, difference } = sumsResults()
  const run = (outputs: readonly string[]) => session.run(sumsFeeds(), { outputs })
  expectTensors(await session.run(sumsFeeds()), { sum, difference }, 'a run for everything')
  expectTensors(await run(['difference']), { difference }, 'a run for one output')
  expectTensors(await run(['difference', 'sum']), { sum, difference }, 'a run for both outputs')
}

/** `tanh(a b)` in float64. */
function productInDoubles({ a, b }: ReturnType<typeof productFeeds>): number[] {
  const [rows, inner] = a.dims as [number, number]
  const [, columns] = b.dims as [number, number]
  return Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns]
    let sum = 0
    for (let k = 0; k < inner; k++) sum += a.data[row * inner + k]! * b.data[k * columns + column]!
    return Math.tanh(sum)
  })
}

export async function checkArithmetic({ engine, tolerance }: EngineSubject): Promise<void> {
  const session = await engine.open(productGraph())
  const { y } = (await session.run(productFeeds())) as { y: Floats }
  expectSame(y.dims, [17, 33], 'The list of dimensions')
  productInDoubles(productFeeds()).forEach((expected, at) => {
    const gap = Math.abs(y.data[at]! - expected)
    expectThat(gap <= tolerance, `A value is ${y.data[at]}, not ${expected}.`)
  })
}

export async function checkDeterminism({ engine }: EngineSubject): Promise<void> {
  const one = await engine.open(productGraph())
  const other = await engine.open(productGraph())
  const expected = await one.run(productFeeds())
  for (const session of [one, other, one]) {
    expectTensors(await session.run(productFeeds()), expected, 'the same run again')
  }
}

export async function checkConcurrency({ engine }: EngineSubject): Promise<void> {
  const sessions = [
    await engine.open(sumsGraph()),
    await engine.open(sumsGraph(), { replicas: 'every' }),
  ]
  const answers = await Promise.all(
    Array.from({ length: 24 }, (_, at) => sessions[at % 2]!.run(sumsFeeds(at, (at % 5) + 1))),
  )
  answers.forEach((answer, at) => {
    expectTensors(answer, sumsResults(at, (at % 5) + 1), `run ${at} of 24`)
  })
}

export async function checkFeedsKept({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  const feeds = sumsFeeds()
  await session.run(feeds)
  expectTensors(feeds, sumsFeeds(), 'feeds that were not given up')
  const running = session.run(feeds)
  for (const { data } of Object.values(feeds)) data.fill(99)
  expectTensors(await running, sumsResults(), 'a run whose feeds change afterwards')
  expectTensors(
    await session.run(sumsFeeds(), { transfer: true }),
    sumsResults(),
    'a run that may take its feeds',
  )
}

export async function checkViews({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  const whole = Float32Array.from({ length: 12 }, (_, at) => at)
  const x: Floats = { type: 'float32', dims: [2, 3], data: whole.subarray(4, 10) }
  for (const transfer of [false, true]) {
    const results = await session.run({ ...sumsFeeds(), x }, { transfer })
    expectTensors(results, sumsResults(4), 'a run on a view')
    expectSame(whole.length, 12, 'The length of the array around a view')
  }
}

export async function checkOwnership({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  const first = await session.run(sumsFeeds())
  await session.run(sumsFeeds(50))
  expectTensors(first, sumsResults(), 'results after another run')
  for (const { data } of Object.values(first)) (data as Float32Array).fill(99)
  await expectWorking(session)
}
