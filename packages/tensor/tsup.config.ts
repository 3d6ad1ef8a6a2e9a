import { defineConfig } from 'tsup'

export default defineConfig({
  // The worker and the process of an isolated model are entries of their own: the engines start them by
  // their file names, beside the built index.
  entry: {
    index: 'src/index.ts',
    graph: 'src/graph.ts',
    web: 'src/web.ts',
    neural: 'src/neural.ts',
    train: 'src/train.ts',
    worker: 'src/worker/worker.ts',
    'model-process': 'src/isolated/child/model-process.ts',
  },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
