/**
 * Two hooks: one that watches a picture come into being, and one that steps in. See docs/generators.md.
 */
import type { DenoisingHook, GeneratedImage, ImageGenerator } from '@assay/core'
import { createComposer, readPictureBank } from '@assay/diffusion/analytic'
import { bank } from '@assay/tiny-world'

const composer = createComposer({ bank: await readPictureBank(bank) })
const request = { prompt: 'a frog', count: 1, seed: 1, steps: 20 }

async function drawOne(generator: ImageGenerator, hook?: DenoisingHook): Promise<GeneratedImage> {
  for await (const drawn of generator.generate({ ...request, ...(hook && { hook }) })) return drawn
  throw new RangeError('The generator drew nothing.')
}

/** Mean of each channel of the first picture of a batch, -1 is black and 1 is white. */
function meanColour(planes: ArrayLike<number | bigint>, pixels: number): string {
  const means = [0, 1, 2].map((channel) => {
    let sum = 0
    for (let at = 0; at < pixels; at++) sum += Number(planes[channel * pixels + at])
    return (sum / pixels).toFixed(2)
  })
  return means.join(' ')
}

// 1. A hook that gives nothing back changes no bit: it sees what the model believes at every call.

const watch: DenoisingHook = ({ index, noiseCoefficient, prediction }) => {
  const [, , height = 0, width = 0] = prediction.dims
  if (index % 5 === 0) {
    const noise = noiseCoefficient.toFixed(2)
    console.log(`call ${index}, noise ${noise}: ${meanColour(prediction.data, height * width)}`)
  }
  return undefined
}
const plain = await drawOne(composer)
const watched = await drawOne(composer, watch)
console.log('same picture:', JSON.stringify(plain) === JSON.stringify(watched))

// 2. One that gives a prediction back is obeyed. This one holds the green channel down.

const withoutGreen: DenoisingHook = ({ prediction }) => {
  const [, channels = 3, height = 0, width = 0] = prediction.dims
  const data = new Float32Array(prediction.data.length)
  for (let at = 0; at < data.length; at++) {
    const value = Number(prediction.data[at])
    const channel = Math.floor(at / (height * width)) % channels
    data[at] = channel === 1 ? Math.min(value, -0.5) : value
  }
  return { prediction: { type: 'float32', dims: prediction.dims, data } }
}

// A generator with a hook is another generator: it gets a name of its own, by which its pictures are told
// apart, and can be handed on to `writePictures` or an audit.
const greenless: ImageGenerator = {
  ...composer,
  id: 'example/composer-without-green',
  fingerprint: `${composer.fingerprint} without green`,
  generate: (asked) => composer.generate({ ...asked, hook: withoutGreen }),
}
const changed = await drawOne(greenless)
if (changed.outcome === 'image') {
  const { data } = changed.image
  const greens = data.filter((_, at) => at % 3 === 1)
  console.log(`greenest pixel: ${greens.reduce((most, value) => Math.max(most, value), 0)} of 255`)
}
