import { defineConfig } from 'tsup'

export default defineConfig({
  // The worker is an entry of its own: the engine starts it by its file name, beside the built index.
  entry: { index: 'src/index.ts', graph: 'src/graph.ts', worker: 'src/worker/worker.ts' },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
