import { defineConfig } from 'tsup'

export default defineConfig({
  // The decoder is an entry of its own: it is started by its file name, beside the built index.
  entry: {
    index: 'src/index.ts',
    archives: 'src/archives.ts',
    'parquet-decoder': 'src/parquet/parquet-decoder.ts',
  },
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
