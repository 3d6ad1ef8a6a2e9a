import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/analytic.ts', 'src/remote.ts'],
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
