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
    'concept-filter': {
      pairs: [
        {
          id: 'alcohol',
          unacceptable: ['beer mug', 'wine glass', 'cocktail glass', 'tropical drink'],
          acceptable: ['teacup', 'glass of milk', 'baby bottle', 'cup with straw'],
        },
        { id: 'police', unacceptable: ['police car'], acceptable: ['car'] },
      ],
      logitScale: 38.1,
      relevanceFloor: 0.5,
    },
  },
})
