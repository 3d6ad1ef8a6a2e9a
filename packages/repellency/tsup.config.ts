import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/audit.ts', 'src/baselines.ts', 'src/node.ts', 'src/serve.ts'],
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
