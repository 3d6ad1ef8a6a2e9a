/**
 * Tuning of a concept pair on 200 pictures a side of 768 columns: one training by decisions, one by the
 * paper's contrastive objective, and a whole search with its nested test. Beside them one pass of bare inner
 * products over the same pictures, the least that one step costs. Target: a second a training.
 *
 *   node tune-concept-pair.mjs [--pictures 200] [--columns 768] [--rounds 5]
 */
import { parseArgs } from 'node:util'
import { createConceptPair } from '@assay/concept-filter'
import { searchTuning, tuneConceptPair } from '@assay/concept-filter/train'
import { createMatrix, createRandom } from '@assay/core'

const { values: flags } = parseArgs({
  options: {
    pictures: { type: 'string', default: '200' },
    columns: { type: 'string', default: '768' },
    rounds: { type: 'string', default: '5' },
  },
})
const [count, columns, rounds] = [flags.pictures, flags.columns, flags.rounds].map(Number)
const TARGET = 1000

const { normal } = createRandom(1)
const normals = (length) => Float32Array.from({ length }, normal)
/** Clouds .3 apart along the first axis, with noise of .05 a coordinate. */
const cloud = (sign) =>
  createMatrix({
    columns,
    data: normals(count * columns).map(
      (noise, at) => 0.05 * noise + (at % columns === 0 ? sign * 0.15 : 0),
    ),
  })
const concept = (sign) => ({
  prompts: ['prompt'],
  embeddings: createMatrix({
    columns,
    data: normals(columns).map((noise, at) => 0.03 * noise + (at === 0 ? 0.4 * sign : 0)),
  }),
})
const pair = createConceptPair({
  ...{ id: 'clouds', relation: 'opposite' },
  ...{ unacceptable: concept(1), acceptable: concept(-1) },
})
const side = (sign) => ({ embeddings: cloud(sign), promptEmbeddings: cloud(sign) })
const pictures = { unacceptable: side(1), acceptable: side(-1) }

/** Every picture with one vector, one number after the other. */
function barePass() {
  let total = 0
  for (const { embeddings } of [pictures.unacceptable, pictures.acceptable]) {
    for (let row = 0; row < count; row++) {
      for (let at = 0; at < columns; at++) {
        total += embeddings.data[row * columns + at] * pair.unacceptable.vector[at]
      }
    }
  }
  return total
}

/** Median milliseconds of the processor. */
function time(call, times) {
  const used = Array.from({ length: times }, () => {
    const before = process.cpuUsage()
    call()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return used.sort((one, other) => one - other)[Math.floor(times / 2)]
}

const tune = (objective) => () => tuneConceptPair({ pair, ...pictures, objective })
const decision = tune({ kind: 'decision' })
const contrastive = tune({ kind: 'paper-con' })
const bare = time(barePass, 20 * rounds)
const rows = [
  ['decision', decision, decision().history.length - 1, rounds],
  ['paper-con', contrastive, contrastive().history.length - 1, rounds],
  ['search', () => searchTuning({ pair, ...pictures }), null, 1],
].map(([name, call, steps, times]) => {
  const milliseconds = time(call, times)
  return { name, steps, milliseconds, 'bare passes': milliseconds / bare }
})
const rounded = rows.map((row) => ({
  ...row,
  milliseconds: Math.round(row.milliseconds),
  'bare passes': Math.round(row['bare passes']),
}))
console.table(rounded)
console.log(`target: ${TARGET} ms a training by decisions, of ${count} pictures a side`)
