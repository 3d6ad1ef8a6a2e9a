import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/audit.ts',
    'src/evaluation.ts',
    'src/gradients.ts',
    'src/node.ts',
    'src/train.ts',
  ],
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
