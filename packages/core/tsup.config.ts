import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/iteration.ts',
    'src/linear-algebra.ts',
    'src/statistics.ts',
    'src/formats.ts',
    'src/measures.ts',
    'src/testing.ts',
  ],
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
