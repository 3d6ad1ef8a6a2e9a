import type { Engine, EngineSession, RunOptions, Tensor } from '../../../contracts/engine.js'
import { AssayError } from '../../../errors/assay-error.js'
import type { AssayErrorCode } from '../../../errors/error-codes.js'
import { elementTypes, floats, productGraph, sumsGraph, typesGraph } from '../engine-graphs.js'

type Feeds = Readonly<Record<string, Tensor>>
type Specification = EngineSession['inputs'][number]

/** A graph that the honest engine knows by heart. */
interface KnownGraph {
  readonly bytes: Uint8Array
  readonly inputs: readonly Specification[]
  readonly outputs: readonly Specification[]
  compute(feeds: Feeds): Record<string, Tensor>
}

const fault = (code: AssayErrorCode) =>
  new AssayError({ code, message: `It is ${code}.`, remedy: 'Mend it.' })

const specification = (
  name: string,
  type: Tensor['type'],
  ...shape: (number | string)[]
): Specification => ({ name, type, shape })

function product(a: Tensor, b: Tensor): Tensor {
  const [rows = 0, inner = 0] = a.dims
  const [also = 0, columns = 0] = b.dims
  if (inner !== also) throw fault('ENGINE_FAILED')
  const value = (at: number) => {
    let sum = 0
    for (let k = 0; k < inner; k++) {
      const left = a.data[Math.floor(at / columns) * inner + k]
      sum += Number(left) * Number(b.data[k * columns + (at % columns)])
    }
    return Math.tanh(sum)
  }
  return floats(
    [rows, columns],
    Array.from({ length: rows * columns }, (_, at) => value(at)),
  )
}

const shifted = ({ dims, data }: Tensor, by: number) =>
  floats(
    dims,
    Array.from(data as Float32Array, (value) => value + by),
  )

const sums: KnownGraph = {
  bytes: sumsGraph(),
  inputs: [specification('x', 'float32', 'n', 3), specification('shift', 'float32')],
  outputs: [
    specification('sum', 'float32', 'n', 3),
    specification('difference', 'float32', 'n', 3),
  ],
  compute({ x, shift }) {
    const by = Number(shift?.data[0])
    return { sum: shifted(x as Tensor, by), difference: shifted(x as Tensor, -by) }
  },
}

const products: KnownGraph = {
  bytes: productGraph(),
  inputs: [specification('a', 'float32', 'm', 'k'), specification('b', 'float32', 'k', 'n')],
  outputs: [specification('y', 'float32', 'm', 'n')],
  compute: ({ a, b }) => ({ y: product(a as Tensor, b as Tensor) }),
}

const types: KnownGraph = {
  bytes: typesGraph(),
  inputs: elementTypes.map((type) => specification(`${type}_in`, type, 'n')),
  outputs: elementTypes.map((type) => specification(`${type}_out`, type, 'n')),
  compute: (feeds) =>
    Object.fromEntries(elementTypes.map((type) => [`${type}_out`, feeds[`${type}_in`] as Tensor])),
}

const isSame = (one: Uint8Array, other: Uint8Array) => one.join() === other.join()

function graphOf(model: Uint8Array | { readonly path: string }): KnownGraph {
  const known = [sums, products, types].find(
    ({ bytes }) => model instanceof Uint8Array && isSame(bytes, model),
  )
  if (known) return known
  throw fault('ENGINE_FAILED')
}

function assertFeeds({ inputs }: KnownGraph, feeds: Feeds): void {
  const fits = inputs.every(({ name, type, shape }) => {
    const feed = feeds[name]
    return (
      feed?.type === type &&
      feed.dims.length === shape.length &&
      shape.every((size, axis) => typeof size === 'string' || size === feed.dims[axis]) &&
      feed.data.length === feed.dims.reduce((size, dim) => size * dim, 1)
    )
  })
  if (!fits || Object.keys(feeds).length !== inputs.length) throw fault('ENGINE_FAILED')
}

const copied = (tensors: Feeds): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { type, dims, data }]) => [
      name,
      { type, dims: [...dims], data: data.slice() } as Tensor,
    ]),
  )

/** An engine that holds to its contract, for the graphs of the conformance kit and no others. */
export function honestEngine(): Engine {
  let isClosed = false
  function assertOpen(closed: boolean, signal: AbortSignal | undefined) {
    if (isClosed || closed) throw fault('ENGINE_CLOSED')
    if (signal?.aborted) throw fault('ABORTED')
  }

  async function open(
    model: Uint8Array | { readonly path: string },
    { signal }: { signal?: AbortSignal } = {},
  ) {
    assertOpen(false, signal)
    const graph = graphOf(model)
    const names = graph.outputs.map(({ name }) => name)
    let isSessionClosed = false
    return {
      inputs: graph.inputs,
      outputs: graph.outputs,
      concurrency: 1,
      async run(feeds: Feeds, { outputs = names, signal: stop }: RunOptions = {}) {
        assertOpen(isSessionClosed, stop)
        assertFeeds(graph, feeds)
        if (!outputs.every((name) => names.includes(name))) throw fault('ENGINE_FAILED')
        const own = copied(feeds)
        await Promise.resolve()
        assertOpen(false, stop)
        const results = Object.entries(graph.compute(own))
        return Object.fromEntries(results.filter(([name]) => outputs.includes(name)))
      },
      async close() {
        isSessionClosed = true
      },
    }
  }

  return {
    specificationVersion: 1,
    id: 'honest 1.0.0',
    device: 'cpu',
    open,
    async close() {
      isClosed = true
    },
  }
}
