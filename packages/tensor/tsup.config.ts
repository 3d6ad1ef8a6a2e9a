import { defineConfig } from 'tsup'

export default defineConfig({
  // The worker, the process of an isolated model and the trial of a device are entries of their own: they
  // are started by their file names, beside the built index.
  entry: {
    index: 'src/index.ts',
    graph: 'src/graph.ts',
    web: 'src/web.ts',
    neural: 'src/neural.ts',
    train: 'src/train.ts',
    worker: 'src/worker/worker.ts',
    'device-trial': 'src/worker/device-trial.ts',
    'model-process': 'src/isolated/child/model-process.ts',
  },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
