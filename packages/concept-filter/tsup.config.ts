import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/artefact.ts',
    'src/attacks.ts',
    'src/audit.ts',
    'src/certificates.ts',
    'src/evaluation.ts',
    'src/node.ts',
    'src/peers.ts',
    'src/train.ts',
  ],
  format: ['esm'],
  dts: true,
  sourcemap: true,
  clean: true,
  target: 'node20',
})
