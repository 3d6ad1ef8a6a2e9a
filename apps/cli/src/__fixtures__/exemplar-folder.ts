import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMatrix, createRandom, type Matrix } from '@assay/core'
import { writeMatrixFile } from '@assay/store'

const columns = 16
const splits = { train: 40, val: 10, test: 20 } as const
const drawnByEach = 4

/**
 * Writes an exemplar set of which a head can learn something: what a model draws from its exemplar keeps
 * half of its features, and a shift that all drawn pictures share hides it from the untuned cosine.
 */
export async function writeExemplarFolder(folder: string): Promise<void> {
  const { normal } = createRandom('exemplar folder')
  const normals = (count: number) => Array.from({ length: count }, normal)
  const shift = normals(columns).map((value) => 3 * value)
  const exemplars = new Map<string, number[]>()
  const synth = new Map<string, number[]>()
  await mkdir(join(folder, 'splits'), { recursive: true })
  for (const [split, count] of Object.entries(splits)) {
    const models = Array.from({ length: count }, (_, model) => {
      const id = `${split}/${model}`
      const features = normals(columns)
      exemplars.set(id, features)
      const names = Array.from({ length: drawnByEach }, (_, at) => `${id}/${at}`)
      for (const name of names) {
        const drawn = features.map((value, column) => {
          const kept = column < columns / 2 ? value : 2 * normal()
          return kept + (shift[column] ?? 0) + 0.3 * normal()
        })
        synth.set(name, drawn)
      }
      return { model: id, exemplar: [id], synth: { one: names.slice(0, 2), other: names.slice(2) } }
    })
    await writeFile(join(folder, 'splits', `${split}_object.json`), JSON.stringify(models))
  }
  const pool = Array.from({ length: 500 }, (_, row) => [`pool/${row}`, normals(columns)] as const)
  await writeNearDuplicates(folder, { exemplars, pool })
  await write(folder, 'exemplars', exemplars)
  await write(folder, 'synth', synth)
  await write(folder, 'pool', new Map(pool))
  await writeTuned(folder, normals(columns))
}

/** The last pictures of the pool become copies of the exemplars for testing, and the set's table says so. */
async function writeNearDuplicates(
  folder: string,
  {
    exemplars,
    pool,
  }: {
    readonly exemplars: ReadonlyMap<string, number[]>
    readonly pool: (readonly [string, number[]])[]
  },
): Promise<void> {
  const lines = [...exemplars].map(([id, features]) => {
    const row = pool.length - splits.test + Number(id.split('/')[1])
    const isCopied = id.startsWith('test')
    if (isCopied) pool[row] = [`pool/${row}`, features]
    return JSON.stringify({ id, poolNearDuplicates: isCopied ? [row] : [] })
  })
  await writeFile(join(folder, 'exemplars.jsonl'), lines.join('\n'))
}

/** As in AbC-mini: a model of another kind, whose pictures lie in a file of their own. */
async function writeTuned(folder: string, features: number[]): Promise<void> {
  const models = [{ model: 'tuned', exemplar: ['train/0'], synth: { one: ['tuned/0'] } }]
  await writeFile(join(folder, 'splits', 'train_tuned.json'), JSON.stringify(models))
  await write(folder, 'tuned', new Map([['tuned/0', features]]))
}

const write = (folder: string, part: string, rows: ReadonlyMap<string, number[]>): Promise<void> =>
  writeMatrixFile(join(folder, `${part}.safetensors`), matrixOf(rows))

const matrixOf = (rows: ReadonlyMap<string, number[]>): Matrix =>
  createMatrix({ data: [...rows.values()], ids: [...rows.keys()], fingerprint: 'a test' })
