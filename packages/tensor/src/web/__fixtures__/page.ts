/** What the test page can be asked for; it runs in a browser. */
import { AssayError, type Tensor } from '@assay/core'
import { engineConformance } from '@assay/core/testing'
import { runTrial } from '../../engine/run-trial.js'
import { sampleFit } from '../../train/__fixtures__/sample-fit.js'
import { createWebEngine, type WebEngineOptions } from '../../web.js'
import { sampleFeeds, sampleGraph } from './sample-graph.js'

/** An error as a browser's evaluation can carry it. */
const plainError = (error: unknown) =>
  AssayError.isInstance(error)
    ? { code: error.code, message: error.message, remedy: error.remedy }
    : { code: null, message: String(error), remedy: null }

/** Tensors as numbers, which a browser's evaluation can carry. */
const plain = (tensors: Record<string, Tensor>) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { type, dims, data }]) => [
      name,
      { type, dims, values: Array.from(data as Iterable<number | bigint>, Number) },
    ]),
  )

const page = {
  /** Runs the conformance kit; null where a check is met, else its message. */
  async conformance(options: WebEngineOptions): Promise<Record<string, string | null>> {
    const outcomes: Record<string, string | null> = {}
    for (const { name, run } of engineConformance({ createEngine: () => createWebEngine(options) })) {
      outcomes[name] = await Promise.resolve(run()).then(
        () => null,
        (error: unknown) => String(error),
      )
    }
    return outcomes
  },

  /** The bytes of the sample graph, and what it gives. */
  async sample(options: WebEngineOptions, contents: { readonly doubles: boolean }) {
    const engine = await createWebEngine(options)
    const model = sampleGraph(contents)
    const session = await engine.open(model)
    const results = plain(await session.run(sampleFeeds(contents)))
    await engine.close()
    return { id: engine.id, device: engine.device, model: [...model], results }
  },

  /** What a small training gives. */
  async fit(options: WebEngineOptions) {
    const engine = await createWebEngine(options)
    const fitted = await sampleFit(engine)
    await engine.close()
    return fitted
  },

  /** The error that making an engine ends in; null where there is none. */
  async creationError(options: WebEngineOptions) {
    return createWebEngine(options).then(
      () => null,
      plainError,
    )
  },

  /** What comes of forbidding the processor to the device that is the processor. */
  async trialAlone() {
    const runtime = await import('onnxruntime-web/wasm')
    return runTrial(runtime, { device: 'wasm', alone: true }).then(() => null, String)
  },

  /** The error of opening a model by a path. */
  async pathError() {
    const engine = await createWebEngine()
    return engine.open({ path: 'model.onnx' }).then(() => null, plainError)
  },
}

/** The type of the page's methods. */
export type Page = typeof page

Object.assign(globalThis, { page })
