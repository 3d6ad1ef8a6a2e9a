/**
 * Puts any program that scores pictures under the contract of filters: here with a stand-in, below with
 * nsfwjs. See docs/wrap-a-filter.md.
 */
import { boundaryAttack, nesAttack, simbaAttack, toFloatImage } from '@assay/concept-filter/attacks'
import { attackScore, scoringFilter } from '@assay/concept-filter/peers'
import type { RgbImage } from '@assay/core'

/** What nsfwjs, and many others, give: classes with probabilities. */
interface Classifier {
  classify(picture: RgbImage): Promise<readonly { className: string; probability: number }[]>
}

/** A stand-in: calls a picture red by how much more red than green its pixels hold. */
const standIn: Classifier = {
  async classify({ data }) {
    let redder = 0
    for (let at = 0; at < data.length; at += 3) redder += (data[at] ?? 0) - (data[at + 1] ?? 0)
    const probability = 1 / (1 + Math.exp((-12 * redder * 3) / data.length / 255))
    return [{ className: 'Red', probability }]
  },
}

// With `npm install nsfwjs@4.2.1 @tensorflow/tfjs buffer` the classifier is, instead:
//
//   const model = await nsfwjs.load('MobileNetV2')
//   const classifier: Classifier = {
//     async classify({ data, height, width }) {
//       const pixels = tf.tensor3d(data, [height, width, 3], 'int32')
//       try {
//         return await model.classify(pixels)
//       } finally {
//         pixels.dispose() // Or the memory of tfjs grows with every picture.
//       }
//     },
//   }
//
// and `unwanted` is ['Porn', 'Hentai', 'Sexy'].

const unwanted = ['Red']

const filter = scoringFilter({
  id: 'stand-in',
  threshold: 0.5,
  async score({ source }) {
    const classes = await standIn.classify(source as RgbImage)
    return classes
      .filter(({ className }) => unwanted.includes(className))
      .reduce((sum, { probability }) => sum + probability, 0)
  },
})

// It decides, with a score, like any other filter.

const filled = (red: number, green: number): RgbImage => {
  const data = new Uint8Array(8 * 8 * 3).fill(60)
  for (let at = 0; at < data.length; at += 3) data.set([red, green], at)
  return { width: 8, height: 8, data }
}
const { decisions } = await filter.check([
  { id: 'poppies', source: filled(200, 160) },
  { id: 'a meadow', source: filled(90, 170) },
])
for (const { id, flagged, score } of decisions) {
  console.log(`${id}: ${flagged ? 'flagged' : 'passed'} at ${score.toFixed(3)}`)
}

// And it is attacked like any other: how little must pixels change for the poppies to pass?

const score = attackScore(filter)
const picture = toFloatImage(filled(200, 160))
for (const [name, attack] of [
  ['NES', nesAttack],
  ['SimBA', simbaAttack],
  ['boundary', boundaryAttack],
] as const) {
  const { success, distance, queries } = await attack({ score, picture, budget: 3000, seed: 1 })
  console.log(
    `${name}: ${success ? `passes ${distance?.toFixed(2)} away` : 'found nothing'}, ${queries} queries`,
  )
}
