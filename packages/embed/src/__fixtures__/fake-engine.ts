import { AssayError, type Engine, type EngineSession, type Tensor } from '@assay/core'

/** What a fake engine noticed. */
export interface FakeEngine extends Engine {
  /** Sessions that were opened, and those of them that were closed. */
  opened: number
  closed: number
  /** What was opened, in order. */
  readonly models: (Uint8Array | { readonly path: string })[]
  /** Sizes of the batches that ran, in order. */
  readonly batches: number[]
}

/** Changes to the graph that a fake engine pretends to have loaded. */
export interface FakeGraph {
  readonly inputs?: EngineSession['inputs']
  readonly outputs?: EngineSession['outputs']
  /** What a run gives for one item, from its input values. */
  readonly vectorOf?: (values: ArrayLike<number | bigint>) => readonly number[]
  /** Waits before a run ends, by its number. */
  readonly delay?: (run: number) => Promise<void>
  /** Called as a model is being opened. */
  readonly onOpen?: () => void
}

const meanOfPlanes = (values: ArrayLike<number | bigint>): number[] => {
  const size = values.length / 3
  return [0, 1, 2].map((plane) => {
    let sum = 0
    for (let index = 0; index < size; index++) sum += Number(values[plane * size + index])
    return sum / size
  })
}

/** An engine without a runtime: the mean of each colour plane is the vector. */
export function fakeEngine({
  inputs = [{ name: 'pixels', type: 'float32', shape: ['batch', 3, 8, 8] }],
  outputs = [{ name: 'vector', type: 'float32', shape: ['batch', 3] }],
  vectorOf = meanOfPlanes,
  delay = async () => {},
  onOpen = () => {},
}: FakeGraph = {}): FakeEngine {
  const engine: FakeEngine = {
    specificationVersion: 1,
    id: 'fake',
    device: 'cpu',
    opened: 0,
    closed: 0,
    models: [],
    batches: [],
    async open(model) {
      engine.opened++
      engine.models.push(model)
      onOpen()
      let closed = false
      const run = async (feeds: Readonly<Record<string, Tensor>>) => {
        if (closed) {
          throw new AssayError({ code: 'ENGINE_CLOSED', message: 'Closed.', remedy: 'Open.' })
        }
        const { dims, data } = feeds[inputs[0]?.name ?? ''] as Tensor
        const count = dims[0] ?? 0
        await delay(engine.batches.push(count))
        const size = data.length / count
        const rows = Array.from({ length: count }, (_, row) =>
          vectorOf(data.slice(row * size, (row + 1) * size)),
        )
        const vectors = Float32Array.from(rows.flat())
        const name = outputs[0]?.name ?? ''
        return { [name]: { type: 'float32', dims: [count, vectors.length / count], data: vectors } } satisfies Record<string, Tensor>
      }
      const close = async () => {
        closed = true
        engine.closed++
      }
      return { inputs, outputs, concurrency: 2, run, close }
    },
    async close() {},
  }
  return engine
}
