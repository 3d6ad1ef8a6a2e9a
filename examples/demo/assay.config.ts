import { defineConfig } from '@assay/audit'

// The built-in world: held-out pictures as outputs, training pictures as protected and reference
// sets. Sixteen or so of the outputs are planted copies, so the audit has something to find.
export default defineConfig({
  encoder: 'assay/tiny-clip',
  outputs: '../../models/tiny-world/demo/outputs',
  protected: '../../models/tiny-world/demo/protected',
  reference: '../../models/tiny-world/demo/reference',
  seed: 1,
})
