/**
 * Which pictures were these made from? A folder of outputs against a folder of training pictures, as the tiny CLIP
 * sees them, with the matches of each output and the influence of each match. See docs/attribution.md.
 *
 *   attribute-pictures.ts [OUTPUTS] [TRAINING PICTURES]
 */
import { join } from 'node:path'
import {
  type Attribution,
  attribute,
  collectCalibrationScores,
  featuresFromMatrix,
  fitCalibration,
} from '@assay/attribution'
import { openFeatures, readTunedModels } from '@assay/attribution/node'
import { embedPictures, openEncoder, readPictureSet } from '@assay/embed'
import { createEngine } from '@assay/tensor'
import { abcMini, demo, tinyClip } from '@assay/tiny-world'

const [outputFolder = demo.outputs, trainingFolder = demo.protected] = process.argv.slice(2)

// Raw features: what brings them to unit length is part of the method.

const normalize = false
const engine = createEngine({ threads: 1 })
const { image, close } = await openEncoder({ folder: tinyClip, engine, normalize })
if (!image) throw new TypeError('The tiny CLIP embeds pictures')
const featuresOf = async (folder: string) => {
  const { pictures } = await readPictureSet(folder)
  const { embeddings, failures } = await embedPictures({ encoder: image, pictures, normalize })
  for (const { id, message } of failures) console.error(`${id}: ${message}`)
  return { features: embeddings, pictures }
}
const outputs = await featuresOf(outputFolder)
const training = await featuresOf(trainingFolder)
await Promise.all([close(), engine.close()])

// What a score is worth, from pictures whose exemplars are known: AbC-mini, in the same space.

const [exemplars, queries, others] = await Promise.all(
  ['exemplars', 'synth', 'pool'].map((part) => openFeatures(join(abcMini, `${part}.safetensors`))),
)
if (!exemplars || !queries || !others) throw new TypeError('AbC-mini lacks a part')
const models = await readTunedModels(join(abcMini, 'splits', 'val_object.json'))
const known = await collectCalibrationScores({ models, exemplars, queries, pool: others })
const calibration = fitCalibration(known)
await Promise.all([exemplars, queries, others].map((file) => file.close()))

const { attributions } = await attribute({
  queries: outputs.features,
  pool: featuresFromMatrix(training.features),
  ...{ calibration, k: 3 },
})

// Likest first: influence is shared out among these pictures, whether or not an output was made from any of them.

const likeness = ({ matches }: Attribution) => matches[0]?.score ?? -1
const likest = [...attributions].sort((one, other) => likeness(other) - likeness(one))
const percent = (share: number | null) => `${(100 * (share ?? Number.NaN)).toFixed(1)} %`
for (const { query, matches, remainingInfluence, support } of likest.slice(0, 5)) {
  console.log(query)
  for (const { id, score, influence } of matches) {
    console.log(`  ${id}: score ${score.toFixed(3)}, influence ${percent(influence)}`)
  }
  console.log(`  all others: ${percent(remainingInfluence)}; ${support} have influence`)
}
