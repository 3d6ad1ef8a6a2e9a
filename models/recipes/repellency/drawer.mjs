// Draws the pictures of one prompt in one setting, for `drawJobs`.
import { createMatrix } from '../../../packages/core/dist/index.js'
import { readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import {
  conditionAnnealing,
  intervalGuidance,
  particleGuidance,
} from '../../../packages/repellency/dist/baselines.js'
import {
  createShield,
  eightBitMargin,
  referencesInMemory,
} from '../../../packages/repellency/dist/index.js'
import { bank as bankFolder } from '../../tiny-world/index.js'
import { openGenerators } from '../concept-filter/generators.mjs'
import { toText } from '../drawing/picture-bytes.mjs'
import { BATCH, BATCHES, referenceRows } from './prompts.mjs'
import { GUIDANCE, STEPS } from './settings.mjs'
import { bankVector, vectorOf } from './vectors.mjs'

/** Resolves to the pictures' pixels in base64. */
export async function openDrawer({ generator: name }) {
  const generator = await openGenerators()(name)
  const bank = await readPictureBank(bankFolder)
  const protectedRows = referencesOf(
    referenceRows(bank, name).map(({ row }) => bankVector(bank, row)),
  )
  return async ({ prompt, seed, setting }) => {
    const drawn = []
    for (let batch = 0; batch < BATCHES; batch++) {
      const hook = hookOf(setting, { protectedRows, finished: drawn.map(vectorOf) })
      for await (const { image } of generator.generate({
        ...{ prompt, seed: seed + batch * BATCH, count: BATCH, steps: STEPS[name] },
        ...(name === 'composer' ? {} : { guidanceScale: guidanceOf(setting) }),
        ...(hook && { hook }),
      })) {
        drawn.push(image)
      }
    }
    return drawn.map(toText)
  }
}

const referencesOf = (vectors) => referencesInMemory(createMatrix({ data: vectors }))

/** A fresh hook for each batch; with finished pictures of the prompt as the bank of SPELL. */
function hookOf({ id: _, method, ...options }, { protectedRows, finished }) {
  if (method === 'spell') {
    const bank = finished.length === 0 ? {} : { references: referencesOf(finished) }
    return createShield({ ...options, ...bank, apart: true }).hook
  }
  if (method === 'protect') {
    const margin = eightBitMargin(protectedRows.dimensions)
    const strictly = { strict: true, box: [-1, 1], margin }
    return createShield({ ...options, ...strictly, references: protectedRows }).hook
  }
  if (method === 'particle') return particleGuidance(options)
  if (method === 'cads') return conditionAnnealing(options)
  if (method === 'interval') return intervalGuidance(options)
  return undefined
}

/** What the generator is asked for: the interval's hook raises it from 1. */
function guidanceOf({ method, guidanceScale = GUIDANCE }) {
  return method === 'interval' ? 1 : guidanceScale
}
