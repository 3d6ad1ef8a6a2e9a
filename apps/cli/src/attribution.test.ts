import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from '@assay/core'
import { writeNpy } from '@assay/core/formats'
import { abcMini, demo, attribution as worldAttribution } from '@assay/tiny-world'
import type { Command } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeExemplarFolder } from './__fixtures__/exemplar-folder.js'
import { copyDemoSet, temporaryFolder } from './__fixtures__/picture-folder.js'
import { runCli } from './__fixtures__/run-cli.js'
import { createProgram } from './program.js'

let home = ''
let env: Record<string, string> = {}
beforeAll(async () => {
  home = await temporaryFolder()
  env = { ASSAY_CACHE: join(home, 'cache') }
  await copyDemoSet('protected', { to: join(home, 'pictures'), count: 60 })
  await writeExemplarFolder(join(home, 'set'))
})

const attribution = (...arguments_: string[]) =>
  runCli(['attribution', ...arguments_], { cwd: home, env })

async function document<Type>(...arguments_: string[]): Promise<Type> {
  const { code, stdout, stderr } = await attribution(...arguments_, '--quiet', '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Type
}

const npy = async (name: string, rows: readonly (readonly number[])[]): Promise<string> => {
  const dims = [rows.length, rows[0]?.length ?? 0]
  const data = Float64Array.from(rows.flat())
  await writeFile(join(home, name), writeNpy({ type: 'float64', dims, data }))
  return name
}

describe('assay attribution', () => {
  it('has commands of at most 15 flags, each with an example', () => {
    const isOurs = (command: Command) => command.name() === 'attribution'
    const commands = createProgram().commands.find(isOurs)?.commands ?? []
    expect(commands.map((command) => command.name()).sort()).toEqual([
      ...['calibrate', 'distill', 'eval', 'index', 'lds', 'query', 'shapley', 'trak', 'tune'],
    ])
    for (const command of commands) {
      expect(command.options.length, command.name()).toBeLessThanOrEqual(15)
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      expect(help).toContain(`Example:\n  assay attribution ${command.name()}`)
    }
  })

  it.each([
    ['features that are not there', ['index', 'none.npy']],
    ['a folder without pictures to tell', ['index', 'set/splits/none']],
    ['a label that nobody has', ['index', 'pictures', '--fields', 'artist']],
    ['a pool that is not there', ['query', 'none', 'pictures']],
    ['a head that is not there', ['query', 'set/pool.safetensors', 'pictures', '--head', 'none']],
    ['a set that is not there', ['tune', 'none']],
    ['a split that is not there', ['eval', 'set', '--test', 'holiday']],
    ['a form that is none', ['tune', 'set', '--form', 'cubic']],
    ['cutoffs that are no numbers', ['eval', 'set', '--cutoffs', 'ten']],
    ['a fate of duplicates that is none', ['eval', 'set', '--duplicates', 'burn']],
    [
      'duplicates in another pool',
      ['eval', 'set', '--duplicates', 'count', '--pool', 'set/pool.safetensors'],
    ],
    ['duplicates in samples', ['eval', 'set', '--duplicates', 'exclude', '--larger-sets']],
    ['a method that is none', ['trak', 'a.npy', 'b.npy', '--method', 'guess']],
    ['a teacher that is not there', ['distill', 'set/pool.safetensors', 'set/synth.safetensors']],
  ])('ends with 2 for %s and leaves stdout empty', async (_, arguments_) => {
    const { code, stdout, stderr } = await attribution(...arguments_)
    expect(code, stderr).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })
})

interface Report {
  readonly attributions: readonly {
    readonly query: string
    readonly matches: readonly {
      readonly id: string
      readonly rank: number
      readonly score: number
      readonly influence: number | null
      readonly group: string | null
    }[]
    readonly remainingInfluence: number | null
  }[]
  readonly credit: { readonly credits: readonly { readonly group: string }[] } | null
}

describe('assay attribution index and query', () => {
  it('store the pictures of a folder, and find them again', async () => {
    const stored = await document('index', 'pictures', '--out', 'pool', '--fields', 'style,licence')
    expect(stored).toMatchObject({
      encoder: 'assay/tiny-clip',
      ...{ rows: 60, columns: 192, normalized: false, hasIds: true, failures: [] },
      fields: ['style', 'licence'],
    })
    const { attributions } = await document<Report>('query', 'pool', 'pictures', '--top', '2')
    expect(attributions).toHaveLength(60)
    for (const { query, matches, remainingInfluence } of attributions) {
      expect(matches[0]).toMatchObject({ id: query, rank: 1, influence: null })
      expect(matches[0]?.score).toBeCloseTo(1, 5)
      expect(remainingInfluence).toBeNull()
    }
  })

  it('find what copies among outputs were made from, in the training set of the tiny CLIP', async () => {
    const lines = (await readFile(join(demo.outputs, 'metadata.jsonl'), 'utf8')).trim().split('\n')
    const outputs = lines.map(
      (line) =>
        JSON.parse(line) as { file_name: string; plantedKind?: string; plantedFrom?: string },
    )
    const source = new Map(
      outputs.flatMap(({ file_name: name, plantedKind, plantedFrom }) =>
        plantedKind === 'protected-copy' ? [[name, plantedFrom]] : [],
      ),
    )
    expect(source.size).toBe(12)
    await document('index', demo.protected, '--out', 'protected')
    const { attributions } = await document<Report>(
      'query',
      'protected',
      demo.outputs,
      '--top',
      '1',
    )
    const copies = attributions.filter(({ query }) => source.has(query))
    expect(copies.map(({ matches }) => matches[0]?.id)).toEqual(
      copies.map(({ query }) => source.get(query)),
    )
  })

  it('take one picture, and tell of it on a screen', async () => {
    await document('index', 'pictures', '--out', 'pool')
    const [name = ''] = (await document<Report>('query', 'pool', 'pictures')).attributions.map(
      ({ query }) => query,
    )
    const { code, stdout } = await attribution('query', 'pool', join('pictures', name), '--quiet')
    expect(code).toBe(0)
    expect(stdout).toContain(`1   ${name}`)
    expect(stdout).toContain('1.0000')
  })

  it('take features from elsewhere, with labels, and refuse those of another space', async () => {
    await writeFile(join(home, 'labels.csv'), 'id,artist\npool/3,Ada\n')
    const flags = ['--labels', 'labels.csv', '--fields', 'artist']
    const stored = await document('index', 'set/pool.safetensors', '--out', 'mine', ...flags)
    expect(stored).toMatchObject({ rows: 500, fingerprint: 'a test', fields: ['artist'] })
    const { code, stderr } = await attribution('query', 'mine', 'pictures', '--quiet')
    expect([code, stderr]).toEqual([2, expect.stringContaining('CONFIG_MISSING')])
    const other = await attribution('query', 'mine', 'pictures', '--encoder', 'assay/tiny-clip')
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('SHAPE_MISMATCH')])
  })

  it('store what can be read, tell of the rest, and end with 3', async () => {
    await cp(join(home, 'pictures'), join(home, 'broken'), { recursive: true })
    const line = JSON.stringify({ file_name: 'broken.png', prompt: 'nothing' })
    const metadata = await readFile(join(home, 'broken', 'metadata.jsonl'), 'utf8')
    await writeFile(join(home, 'broken', 'metadata.jsonl'), `${metadata.trim()}\n${line}\n`)
    await writeFile(join(home, 'broken', 'broken.png'), 'no picture')
    const { code, stdout } = await attribution(
      'index',
      'broken',
      '--out',
      'rest',
      '--quiet',
      '--json',
    )
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ rows: 60, failures: [{ id: 'broken.png' }] })
  })
})

/** Enough for the small set, and quick. */
const training = ['--epochs', '10', '--learning-rate', '0.01']

describe('assay attribution tune, calibrate and eval', { timeout: 120_000 }, () => {
  it('make a head and a calibration that query takes, and credit groups', async () => {
    const tuned = await document<{ fingerprint: string; step: number }>(
      ...['tune', 'set', ...training],
    )
    expect(tuned.fingerprint).toMatch(/^attribution-head:/)
    expect(tuned.step).toBeGreaterThan(0)
    const head = ['--head', 'head.safetensors']
    const fitted = await document<{ calibration: { bias: number }; test: object }>(
      ...['calibrate', 'set', '--others', '200', ...head],
    )
    expect(fitted.calibration.bias).toBeGreaterThan(-1)
    expect(fitted.test).toHaveProperty('calibrationError')
    const rows = Array.from({ length: 500 }, (_, row) => `pool/${row},${row % 2 ? 'odd' : 'even'}`)
    await writeFile(join(home, 'parity.csv'), ['id,parity', ...rows].join('\n'))
    const report = await document<Report>(
      ...['query', 'set/pool.safetensors', 'set/synth.safetensors', ...head],
      ...['--calibration', 'calibration.json', '--labels', 'parity.csv', '--group-by', 'parity'],
    )
    for (const { matches, remainingInfluence } of report.attributions) {
      const sum = matches.reduce((total, { influence }) => total + (influence ?? 0), 0)
      expect(sum + (remainingInfluence ?? 0)).toBeCloseTo(1, 8)
    }
    expect(report.credit?.credits.map(({ group }) => group).sort()).toEqual(['even', 'odd'])
    const unmapped = await attribution(
      ...['query', 'set/pool.safetensors', 'set/synth.safetensors'],
      ...['--calibration', 'calibration.json'],
    )
    expect([unmapped.code, unmapped.stderr]).toEqual([
      2,
      expect.stringContaining('FINGERPRINT_MISMATCH'),
    ])
  })

  it('give the same head for the same seed, and another for another', async () => {
    const headOf = async (seed: string, out: string) =>
      (await document<{ fingerprint: string }>('tune', 'set', '--seed', seed, '--out', out))
        .fingerprint
    const first = await headOf('1', 'one.safetensors')
    expect(await headOf('1', 'two.safetensors')).toBe(first)
    expect(await headOf('2', 'three.safetensors')).not.toBe(first)
  })

  it('show what tuning does to exemplars that no head has seen, with intervals and ceilings', async () => {
    interface Measured {
      readonly id: string
      readonly ceiling: number
      readonly methods: readonly {
        readonly name: string
        readonly difference: { readonly interval: { readonly low: number } } | null
      }[]
    }
    const { encoders } = await document<{
      readonly encoders: readonly {
        readonly poolSize: number
        readonly comparison: {
          readonly rows: readonly { readonly measures: readonly Measured[] }[]
        }
        readonly largerSets: { readonly tuned: readonly { readonly poolSize: number }[] }
      }[]
    }>('eval', 'set', '--larger-sets', ...training)
    const [result] = encoders
    expect(result).toMatchObject({ poolSize: 500 })
    const all = result?.comparison.rows.at(-1)?.measures.find(({ id }) => id === 'mAP')
    expect(all).toMatchObject({ ceiling: 1, methods: [{ name: 'untuned' }, { name: 'tuned' }] })
    expect(all?.methods[1]?.difference?.interval.low).toBeGreaterThan(0)
    expect(result?.largerSets.tuned.map(({ poolSize }) => poolSize)).toEqual([500])
    const { stdout } = await attribution('eval', 'set', '--head', 'head.safetensors', '--quiet')
    for (const word of [
      'untuned',
      'tuned',
      'difference',
      'ceiling',
      'chance',
      'recall@10',
      'mAP',
    ]) {
      expect(stdout).toContain(word)
    }
  })
})

interface Evaluated {
  readonly encoders: readonly {
    readonly duplicates: object | null
    readonly comparison: {
      readonly rows: readonly {
        readonly group: { readonly split?: string; readonly promptType?: string }
        readonly queries: number
        readonly models: number
        readonly measures: readonly {
          readonly id: string
          readonly methods: readonly { readonly value: number }[]
        }[]
      }[]
    }
  }[]
}

describe('assay attribution eval', { timeout: 120_000 }, () => {
  const head = ['--head', 'head.safetensors']
  beforeAll(async () => {
    await document('tune', 'set', ...training)
  })

  it('leaves near-duplicates out of the pool, or lets them count, where it is told to', async () => {
    const evaluated = async (...flags: string[]) => {
      const { encoders } = await document<Evaluated>('eval', 'set', ...head, ...flags)
      const all = encoders[0]?.comparison.rows.at(-1)?.measures
      const untuned = (name: string) =>
        all?.find(({ id }) => id === name)?.methods[0]?.value ?? Number.NaN
      const duplicates = encoders[0]?.duplicates
      return { duplicates, mAP: untuned('mAP'), recall: untuned('recall@10') }
    }
    const others = await evaluated()
    const excluded = await evaluated('--duplicates', 'exclude')
    const counted = await evaluated('--duplicates', 'count')
    expect(others.duplicates).toBeNull()
    expect(excluded.duplicates).toEqual({ treatment: 'exclude', exemplars: 20 })
    expect(counted.duplicates).toEqual({ treatment: 'count', exemplars: 20 })
    // A copy stands before its exemplar, as ties do: out of the way or counted, it is no rival.
    expect(excluded.mAP).toBeGreaterThan(others.mAP)
    expect(excluded.recall).toBeGreaterThanOrEqual(others.recall)
    expect(counted.mAP).toBeCloseTo(excluded.mAP, 12)
    const { stdout } = await attribution('eval', 'set', ...head, '--duplicates', 'count', '--quiet')
    expect(stdout).toContain("which 20 of the set's exemplars have, count")
  })

  it('needs a table that tells near-duplicates', async () => {
    await cp(join(home, 'set'), join(home, 'plain'), { recursive: true })
    const run = () => attribution('eval', 'plain', ...head, '--duplicates', 'count', '--quiet')
    await writeFile(join(home, 'plain', 'exemplars.jsonl'), '{"id":"test/0"}\n')
    const untold = await run()
    expect([untold.code, untold.stderr]).toEqual([2, expect.stringContaining('MALFORMED_METADATA')])
    expect(untold.stderr).toContain('Line 1')
    await rm(join(home, 'plain', 'exemplars.jsonl'))
    const { code, stderr } = await run()
    expect([code, stderr]).toEqual([2, expect.stringContaining('FILE_MISSING')])
  })

  it('takes models of another kind, whose pictures lie in a file of their own, where they are named', async () => {
    const { encoders } = await document<Evaluated>('eval', 'set', ...head, '--test', 'train_tuned')
    expect(encoders[0]?.comparison.rows).toMatchObject([
      { group: { split: 'train_tuned', promptType: 'one' }, queries: 1, models: 1 },
    ])
    const { code, stderr } = await attribution('eval', 'set', ...head, '--test', 'val_tuned')
    expect([code, stderr]).toEqual([2, expect.stringContaining('INVALID_ARGUMENT')])
  })

  it("finds on AbC-mini's fine-tuned networks what its card says of them", async () => {
    const card = JSON.parse(await readFile(join(abcMini, 'abc-mini.json'), 'utf8')) as {
      readonly retrieval: {
        readonly test_tuned: Readonly<
          Record<string, { readonly all: { readonly recall: readonly { recall: number }[] } }>
        >
      }
    }
    const { encoders } = await document<Evaluated>(
      ...['eval', '--encoder', 'assay/tiny-clip', '--head', worldAttribution.head],
      ...['--test', 'test_tuned', '--cutoffs', '10'],
    )
    const kinds = encoders[0]?.comparison.rows.filter(({ group }) => group.promptType) ?? []
    expect(kinds.map(({ queries, models }) => [queries, models])).toEqual([
      ...[[40, 5] as const, [40, 5] as const],
    ])
    for (const { group, measures } of kinds) {
      const expected = card.retrieval.test_tuned[group.promptType ?? '']?.all.recall[1]?.recall
      expect(measures[0]?.methods[0]?.value).toBeCloseTo(expected ?? Number.NaN, 4)
    }
  })
})

describe('assay attribution over arrays', { timeout: 60_000 }, () => {
  // The golden vectors of the specification, made with SciPy and PyTorch.
  const scores = [
    [0.5, -0.2, 0.9, 0.1, 0],
    [0.1, 0.4, -0.3, 0.2, 0.8],
  ]
  const masks = ['11001', '01110', '10101', '00111', '11100', '10011'].map((row) =>
    Array.from(row, Number),
  )
  const outputs = [
    [0.3, 0.9],
    [0.8, 0.1],
    [1.2, 0.6],
    [0.85, 0.35],
    [1, 0.3],
    [0.6, 0.95],
  ]

  it('lds gives the mean over outputs, beside what chance gives', async () => {
    const score = await attribution(
      ...['lds', await npy('scores.npy', scores), '--masks', await npy('masks.npy', masks)],
      ...['--outputs', await npy('outputs.npy', outputs), '--json'],
    )
    const { value, perQuery, subsets } = JSON.parse(score.stdout)
    expect(value).toBeCloseTo(0.9142857143, 8)
    expect([perQuery, subsets]).toEqual([[1, expect.closeTo(0.8285714286, 8)], 6])
  })

  it('trak gives scores that lds takes', async () => {
    const train = [
      [1, 0.5, -0.2],
      [0.3, -1, 0.8],
      [0, 0.4, 1.1],
      [-0.9, 0.2, 0.1],
      [0.6, 0.6, -0.7],
    ]
    const queries = [
      [0.8, 0.1, 0.3],
      [-0.2, 0.9, 0.4],
    ]
    const files = [await npy('train.npy', train), await npy('queries.npy', queries)]
    const flags = ['--lambda', '0.1', '--top', '1', '--out', 'kernel.npy']
    const { outputs: best } = await document<{
      readonly outputs: readonly { readonly matches: readonly { id: string; score: number }[] }[]
    }>('trak', ...files, ...flags)
    expect(best.map(({ matches }) => matches)).toEqual([
      [{ id: '0', rank: 1, score: expect.closeTo(0.3646725384, 6) }],
      [{ id: '2', rank: 1, score: expect.closeTo(0.6666011416, 6) }],
    ])
    const weighed = await document<
      typeof best extends never ? never : { readonly outputs: typeof best }
    >(
      ...['trak', ...files, '--method', 'trak', '--lambda', '0.1', '--top', '1'],
      ...['--output-to-loss', await npy('q.npy', [[0.1, 0.5, 0.2, 0.9, 0.3]])],
    )
    expect(weighed.outputs[0]?.matches[0]).toMatchObject({
      id: '1',
      score: expect.closeTo(0.1039742631, 6),
    })
    const taken = await attribution(
      ...['lds', 'kernel.npy', '--masks', await npy('masks.npy', masks)],
      ...['--outputs', await npy('outputs.npy', outputs), '--json'],
    )
    expect(taken.code).toBe(0)
  })

  it('shapley values sum to what they share out', async () => {
    await document('index', 'pictures', '--out', 'pool')
    const { items, groups, utility } = await document<{
      readonly items: readonly { readonly value: number }[]
      readonly groups: readonly { readonly value: number }[]
      readonly utility: number
    }>('shapley', 'pool', 'pictures', '--group-by', 'style', '--k', '3')
    const sum = (values: readonly { readonly value: number }[]) =>
      values.reduce((total, { value }) => total + value, 0)
    expect(sum(items)).toBeCloseTo(utility, 9)
    expect(sum(groups)).toBeCloseTo(utility, 9)
  })

  it('distill teaches rankings, and tells how well on outputs that it did not learn from', async () => {
    const { normal } = createRandom('features')
    const features = (rows: number) =>
      Array.from({ length: rows }, () => [normal(), normal(), normal()])
    const [train, outputs] = [features(20), features(10)]
    const cosine = (one: number[], other: number[]) =>
      one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0) /
      (Math.hypot(...one) * Math.hypot(...other))
    const teacher = outputs.map((output) => train.map((row) => cosine(output, row)))
    const taught = await document<{
      readonly epoch: number
      readonly epochs: readonly unknown[]
      readonly untuned: { readonly mean: number }
    }>(
      ...['distill', await npy('train.npy', train), await npy('outputs.npy', outputs)],
      ...['--scores', await npy('teacher.npy', teacher), '--epochs', '2', '--hold-out', '0.3'],
    )
    expect(taught.epochs).toHaveLength(2)
    // The teacher is the cosine itself.
    expect(taught.untuned.mean).toBeCloseTo(1, 6)
  })
})
