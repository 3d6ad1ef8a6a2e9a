import { defineConfig } from '@assay/audit'

// The built-in world: held-out pictures as outputs, training pictures as protected, reference and
// training sets. Sixteen of the outputs are planted copies, so the audits have something to find.
export default defineConfig({
  encoder: 'assay/tiny-clip',
  outputs: '../../models/tiny-world/demo/outputs',
  protected: '../../models/tiny-world/demo/protected',
  reference: '../../models/tiny-world/demo/reference',
  training: '../../models/tiny-world/demo/protected',
  seed: 1,
  audits: {
    attribution: {
      head: '../../models/tiny-world/attribution/head.safetensors',
      calibration: '../../models/tiny-world/attribution/calibration.json',
      groupBy: 'style',
    },
    'concept-filter': { filter: '../../models/tiny-world/concept-filter/filter.json' },
  },
})
