// The built-in generators, as every command opens them, but for half the steps of the composer.
import { createComposer, readPictureBank } from '../../../packages/diffusion/dist/analytic.js'
import { openPipeline } from '../../../packages/diffusion/dist/index.js'
import { openEncoder } from '../../../packages/embed/dist/index.js'
import { createEngine } from '../../../packages/tensor/dist/index.js'
import { bank as bankFolder, tinyClip, tinyDiffusion } from '../../tiny-world/index.js'

/** Half the default: the pictures hardly differ (see the README of the pool), and take half the time. */
const STEPS = 15

/** `generatorOf(name)` resolves to the generator, opened when it is first wanted. */
export function openGenerators() {
  const engine = createEngine({ threads: 1 })
  const makers = {
    async composer() {
      const { text: textEncoder } = await openEncoder({ folder: tinyClip, engine })
      const bank = await readPictureBank(bankFolder)
      return createComposer({ bank, textEncoder, steps: STEPS })
    },
    'tiny-diffusion': () => openPipeline({ folder: tinyDiffusion, engine }),
  }
  const opened = new Map()
  return (name) => {
    if (!opened.has(name)) opened.set(name, makers[name]())
    return opened.get(name)
  }
}
