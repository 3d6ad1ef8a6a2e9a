// What is kept of the clean test: figures, every query's ranks, and the features that they come from.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { matrixFile } from '../abc-mini/embeddings.mjs'

/**
 * Writes a folder in the form of an exemplar set without a pool (AbC-mini's is the pool), and `clean-test.json`.
 *
 * @param measured by encoder what `evaluateHead` found; the first encoder's features are kept
 */
export async function shipCleanTest({ out, models, tuned, drawn, duplicates, measured }) {
  const write = async (path, content) => {
    await mkdir(dirname(join(out, path)), { recursive: true })
    await writeFile(join(out, path), content)
  }
  const [{ features }] = measured
  for (const part of ['exemplars', 'synth']) {
    const matrix = features.matrices[part]
    await write(`${part}.safetensors`, matrixFile(matrix, matrix))
  }
  await write('exemplars.jsonl', lines(exemplarLines(models, duplicates)))
  await write('synth.jsonl', lines(drawn.map(({ row }) => queryLine(row, measured))))
  await write('splits/test_clean.json', splitText(tuned))
  const report = {
    schemaVersion: 1,
    models: models.length,
    pictures: drawn.length,
    poolSize: measured[0].methods[0].evaluation.poolSize,
    exemplarsWithNearDuplicates: duplicates.length,
    unit: 'percentage points; intervals are 95 %, clustered by model, unless told otherwise',
    encoders: Object.fromEntries(
      measured.map(({ name, head, tables }) => [name, { head: head.fingerprint, ...tables }]),
    ),
  }
  await write('clean-test.json', `${JSON.stringify(report, null, 1)}\n`)
}

const exemplarLines = (models, duplicates) => {
  const near = new Map(duplicates.map(({ exemplar, pool }) => [exemplar, pool]))
  return models.map(({ origin, exemplars: [{ index: _, ...told }] }, row) => ({
    ...told,
    origin,
    poolNearDuplicates: near.get(row) ?? [],
  }))
}

/** A drawn picture with the rank of its exemplar, by encoder without and with its head. */
function queryLine({ shares: _, ...row }, measured) {
  const ranks = measured.map(({ name, methods }) => [
    name,
    methods.map(({ evaluation }) => rankIn(evaluation, row.id)),
  ])
  return { ...row, ranks: Object.fromEntries(ranks) }
}

const rankIn = ({ queries }, id) => queries.find((query) => query.id === id).ranks[0]

const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** One model a line, in the form of the paper's splits. */
function splitText(tuned) {
  const list = tuned.map(({ id, exemplars, queries }) => ({
    model: id,
    exemplar: exemplars,
    synth: queries,
  }))
  return `[\n${list.map((model) => JSON.stringify(model)).join(',\n')}\n]\n`
}
