import { engineConformance } from '@assay/core/testing'
import { describe, it } from 'vitest'
import { createEngine } from './create-engine.js'

describe('the engine on onnxruntime-node', () => {
  const createTwo = () => createEngine({ threads: 2 })
  for (const { name, run } of engineConformance({ createEngine: createTwo })) it(name, run)
})

describe('the engine on onnxruntime-node, with one thread', () => {
  const createOne = () => createEngine({ threads: 1 })
  for (const { name, run } of engineConformance({ createEngine: createOne })) it(name, run)
})
