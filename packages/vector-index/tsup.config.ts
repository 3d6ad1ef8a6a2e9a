import { defineConfig } from 'tsup'

export default defineConfig({
  // The search task and the host are entries of their own: a worker and a process load them by file name.
  entry: {
    index: 'src/index.ts',
    usearch: 'src/usearch.ts',
    faiss: 'src/faiss.ts',
    'search-task': 'src/search-task/search-task.ts',
    'library-host': 'src/host/library-host.ts',
  },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
