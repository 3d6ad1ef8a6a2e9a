import type { RunOptions, Tensor } from '../../contracts/engine.js'
import { AssayError } from '../../errors/assay-error.js'
import { expectCode, expectThat } from '../expectations.js'
import { floats, productFeeds, productGraph, sumsFeeds, sumsGraph } from './engine-graphs.js'
import { expectWorking } from './engine-run-checks.js'
import type { EngineSubject } from './engine-subject.js'

export async function checkModels({ engine }: EngineSubject): Promise<void> {
  const model = sumsGraph()
  const broken: Record<string, Uint8Array> = {
    'A model of no bytes': new Uint8Array(0),
    'A model of three bytes': Uint8Array.of(1, 2, 3),
    'A model that was cut': model.slice(0, model.length / 2),
  }
  for (const [what, bytes] of Object.entries(broken)) {
    await expectCode(() => engine.open(bytes), ['ENGINE_FAILED'], what)
  }
  await expectWorking(await engine.open(model))
}

/** Feeds of the sums graph, each with one thing wrong. */
function wrongFeeds(): Record<string, Record<string, Tensor>> {
  const { x, shift } = sumsFeeds()
  const doubles: Tensor = { type: 'float64', dims: [2, 3], data: new Float64Array(6) }
  return {
    'A missing input': { x },
    'An unknown input': { x, shift, y: x },
    'An input of another type': { x: doubles, shift },
    'An input of another rank': { x: floats([6], x.data), shift },
    'An input of another size': { x: floats([3, 2], x.data), shift },
    'Too few values': { x: { ...x, dims: [3, 3] }, shift },
    'Too many values': { x: { ...x, dims: [1, 3] }, shift },
  }
}

export async function checkFeeds({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  for (const [what, feeds] of Object.entries(wrongFeeds())) {
    await expectCode(() => session.run(feeds), ['ENGINE_FAILED'], what)
  }
  const unknown = () => session.run(sumsFeeds(), { outputs: ['product'] })
  await expectCode(unknown, ['ENGINE_FAILED'], 'An unknown output')
  await expectWorking(session)
  const product = await engine.open(productGraph())
  const { a } = productFeeds()
  const unequal = () => product.run({ a, b: a })
  await expectCode(unequal, ['ENGINE_FAILED'], 'A product of sizes that do not match')
}

export async function checkAbort({ engine }: EngineSubject): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const session = await engine.open(sumsGraph(), { signal })
  const run = (options: RunOptions) => session.run(sumsFeeds(), options)
  await run({ signal })
  const running = [run({ signal }), run({ signal })]
  controller.abort()
  await Promise.all(
    running.map((result) => expectCode(() => result, ['ABORTED'], 'A run that is aborted')),
  )
  await expectCode(() => run({ signal }), ['ABORTED'], 'A run that was aborted before')
  const opening = () => engine.open(sumsGraph(), { signal })
  await expectCode(opening, ['ABORTED'], 'The opening of a graph that was aborted before')
  await expectWorking(session)
}

export async function checkClosedSession({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(sumsGraph())
  const other = await engine.open(sumsGraph())
  await session.close()
  await session.close()
  await expectCode(() => session.run(sumsFeeds()), ['ENGINE_CLOSED'], 'A run of a closed session')
  await expectWorking(other)
}

/** Whether a run gave its result or says that the engine is closed. */
const isSettledWell = (outcome: PromiseSettledResult<unknown>) =>
  outcome.status === 'fulfilled' ||
  (AssayError.isInstance(outcome.reason) && outcome.reason.code === 'ENGINE_CLOSED')

export async function checkClosedEngine({ engine }: EngineSubject): Promise<void> {
  const session = await engine.open(productGraph())
  const underWay = Promise.allSettled([session.run(productFeeds()), session.run(productFeeds())])
  await engine.close()
  await engine.close()
  const isWell = (await underWay).every(isSettledWell)
  expectThat(isWell, 'A run under way must give its result or fail with ENGINE_CLOSED.')
  await expectCode(() => session.run(productFeeds()), ['ENGINE_CLOSED'], 'A run of a closed engine')
  await expectCode(() => engine.open(sumsGraph()), ['ENGINE_CLOSED'], 'Opening by a closed engine')
  await session.close()
}
