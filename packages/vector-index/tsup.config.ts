import { defineConfig } from 'tsup'

export default defineConfig({
  // The search task is an entry of its own: the engine loads it into a worker by its file name.
  entry: { index: 'src/index.ts', 'search-task': 'src/search-task/search-task.ts' },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
