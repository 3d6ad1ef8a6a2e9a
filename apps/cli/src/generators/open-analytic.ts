import { createComposer, createMemoriser, readPictureBank } from '@assay/diffusion/analytic'
import { openEncoder } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { bank as bankFolder, tinyClip } from '@assay/tiny-world'
import type { GeneratorOptions, OpenedGenerator } from './generator-options.js'

/** Opens a generator that is known in closed form, over the built-in bank of pictures. */
export async function openAnalytic(
  id: 'assay/composer' | 'assay/memoriser',
  { device = 'cpu', signal }: GeneratorOptions,
): Promise<OpenedGenerator> {
  // One thread: prompts are short, and a seed then gives the same bytes whatever the number of cores.
  const engine = createEngine({ device, threads: 1 })
  try {
    const encoder = await openEncoder({ folder: tinyClip, engine, ...(signal && { signal }) })
    const bank = await readPictureBank(bankFolder, signal && { signal })
    const create = id === 'assay/composer' ? createComposer : createMemoriser
    const generator = create({ bank, ...(encoder.text && { textEncoder: encoder.text }) })
    return {
      generator,
      async close() {
        await encoder.close()
        await engine.close()
      },
    }
  } catch (error) {
    await engine.close()
    throw error
  }
}
