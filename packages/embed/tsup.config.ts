import { defineConfig } from 'tsup'

export default defineConfig({
  // The worker is an entry of its own: it is started by its file name, beside the built index.
  entry: {
    index: 'src/index.ts',
    hub: 'src/hub.ts',
    'resize-worker': 'src/preprocess/resize-worker.ts',
  },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
