import type { Engine, Tensor } from '@assay/core'

/** One run of a graph. */
export interface WatchedRun {
  /** Part of the pipeline: the folder that the graph lies in. */
  readonly part: string
  /** Runs of this part before. */
  readonly index: number
  readonly feeds: Readonly<Record<string, Tensor>>
}

/** An engine that tells of every run before it starts, and lets its outputs be changed. */
export function watchedEngine(
  engine: Engine,
  watch: (run: WatchedRun) => void,
  change: (run: WatchedRun, outputs: Record<string, Tensor>) => void = () => {},
): Engine {
  return {
    specificationVersion: 1,
    id: engine.id,
    device: engine.device,
    close: () => engine.close(),
    async open(model, options) {
      const session = await engine.open(model, options)
      const part = model instanceof Uint8Array ? '' : (model.path.split('/').at(-2) ?? '')
      let index = 0
      return {
        inputs: session.inputs,
        outputs: session.outputs,
        concurrency: session.concurrency,
        close: () => session.close(),
        async run(feeds, settings) {
          const copied = Object.entries(feeds).map(([name, tensor]) => [
            name,
            { ...tensor, data: tensor.data.slice() },
          ])
          const run = { part, index, feeds: Object.fromEntries(copied) as Record<string, Tensor> }
          index += 1
          watch(run)
          const outputs = await session.run(feeds, settings)
          change(run, outputs)
          return outputs
        },
      }
    },
  }
}
