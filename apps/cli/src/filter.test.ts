import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { demo } from '@assay/tiny-world'
import type { Command } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyDemoSet, temporaryFolder } from './__fixtures__/picture-folder.js'
import { runCli } from './__fixtures__/run-cli.js'
import { createProgram } from './program.js'

let home = ''
let env: Record<string, string> = {}
beforeAll(async () => {
  home = await temporaryFolder()
  env = { ASSAY_CACHE: join(home, 'cache') }
  await copyDemoSet('outputs', { to: join(home, 'pictures'), count: 40 })
})

const filter = (...arguments_: string[]) => runCli(['filter', ...arguments_], { cwd: home, env })

async function document<Type>(...arguments_: string[]): Promise<Type> {
  const { code, stdout, stderr } = await filter(...arguments_, '--quiet', '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Type
}

interface Decision {
  readonly id: string
  readonly flagged: boolean
  readonly outcome: string | null
  readonly norm: number
  readonly pairs: readonly {
    readonly pairId: string
    readonly margin: number
    readonly radius: { readonly exact: number; readonly paper: number }
  }[]
}

interface Checked {
  readonly checked: number
  readonly flagged: number
  readonly pictures: readonly Decision[]
}

describe('assay filter', () => {
  it('has commands of at most 15 flags, each with an example', () => {
    const isOurs = (command: Command) => command.name() === 'filter'
    const commands = createProgram().commands.find(isOurs)?.commands ?? []
    expect(commands.map((command) => command.name()).sort()).toEqual([
      ...['attack', 'calibrate', 'certify', 'check', 'eval', 'tune'],
    ])
    for (const command of commands) {
      expect(command.options.length, command.name()).toBeLessThanOrEqual(15)
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      expect(help).toContain(`Example:\n  assay filter ${command.name()}`)
    }
  })

  it.each([
    ['no filter', ['check', 'pictures']],
    ['words and a file', ['check', 'pictures', '--pair', 'tiger', '--filter', 'x.json']],
    ['a preset that is none', ['check', 'pictures', '--pair', 'tigger']],
    ['one side only', ['check', 'pictures', '--pair', 'tiger/']],
    ['a threshold of one', ['check', 'pictures', '--pair', 'tiger', '--threshold', '1']],
    ['words of one meaning', ['check', 'pictures', '--pair', 'tiger/tiger']],
    ['pictures that are not there', ['check', 'none', '--pair', 'tiger']],
    ['an action that is none', ['check', 'pictures', '--pair', 'tiger', '--action', 'hide']],
    ['nowhere to write', ['check', 'pictures', '--pair', 'tiger', '--action', 'blur']],
    ['a filter that is not there', ['certify', 'pictures', '--filter', 'none.json']],
    ['a certificate that is none', ['certify', '--pair', 'tiger', '--methods', 'proof']],
    ['an objective that is none', ['tune', '--pair', 'tiger', '--objective', 'guess']],
    ['no pictures to tune on', ['tune', '--pair', 'violence']],
    ['pictures of one side', ['tune', '--pair', 'tiger', '--acceptable', 'pictures']],
    ['an attack that is none', ['attack', 'pictures', '--pair', 'tiger', '--attacks', 'magic']],
    ['too few clean pictures', ['calibrate', 'pictures', '--pair', 'tiger', '--rate', '0.001']],
    ['a pair that was not drawn', ['eval', '--pair', 'dragon']],
    ['an experiment that is not there', ['eval', 'none']],
  ])('ends with 2 for %s and leaves stdout empty', async (_, arguments_) => {
    const { code, stdout, stderr } = await filter(...arguments_)
    expect(code, stderr).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })

  it('names the pair that was meant', async () => {
    const { stderr } = await filter('check', 'pictures', '--pair', 'tigger')
    expect(stderr).toContain('Did you mean tiger?')
  })
})

describe('assay filter check', () => {
  it('decides on every picture by every pair, with ordered radii', async () => {
    const found = await document<Checked>(
      ...['check', 'pictures', '--pair', 'tiger', '--pair', 'cloud, storm/sun'],
    )
    expect(found.checked).toBe(40)
    expect(found.flagged).toBe(found.pictures.filter(({ flagged }) => flagged).length)
    for (const { flagged, pairs, norm } of found.pictures) {
      expect(pairs.map(({ pairId }) => pairId)).toEqual(['tiger', 'cloud'])
      expect(flagged).toBe(pairs.some(({ margin }) => margin > 0))
      for (const { radius } of pairs) {
        expect(radius.paper).toBeLessThanOrEqual(radius.exact)
        expect(radius.exact).toBeLessThanOrEqual(norm)
      }
    }
  })

  it('writes what leaves: passed pictures byte for byte, flagged ones replaced', async () => {
    const found = await document<Checked>(
      ...['check', 'pictures', '--pair', 'tiger', '--action', 'replace', '--out', 'out'],
    )
    expect(found.flagged).toBeGreaterThan(0)
    expect(found.flagged).toBeLessThan(40)
    expect(await readdir(join(home, 'out'))).toHaveLength(40)
    for (const { id, flagged, outcome } of found.pictures) {
      const [before, after] = await Promise.all(
        ['pictures', 'out'].map((folder) => readFile(join(home, folder, id))),
      )
      expect(outcome).toBe(flagged ? 'replaced' : 'passed')
      expect(before?.equals(after ?? Buffer.of())).toBe(!flagged)
    }
    const again = await document<Checked>('check', 'out', '--pair', 'tiger')
    expect(again.flagged).toBe(0)
  })

  it('ends with 100 where flagged pictures are held back, and writes the others', async () => {
    const held = ['check', 'pictures', '--pair', 'tiger', '--action', 'throw', '--out', 'passed']
    const { code, stdout } = await filter(...held, '--json')
    expect(code).toBe(100)
    const { flagged } = JSON.parse(stdout) as Checked
    expect(await readdir(join(home, 'passed'))).toHaveLength(40 - flagged)
  })

  it('ends with 3 where a picture cannot be read, and tells the others', async () => {
    await mkdir(join(home, 'broken'))
    const [name = ''] = await readdir(join(home, 'pictures'))
    await writeFile(join(home, 'broken', 'a.png'), await readFile(join(home, 'pictures', name)))
    await writeFile(join(home, 'broken', 'b.png'), 'no picture')
    const { code, stdout } = await filter('check', 'broken', '--pair', 'tiger', '--json')
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ checked: 1, failures: [{ id: 'b.png' }] })
  })
})

describe('assay filter tune, calibrate and certify', () => {
  it('tune a filter that others take, on built-in pictures', async () => {
    const { pairs } = await document<{
      readonly pairs: readonly {
        readonly tuned: { readonly turned: { readonly unacceptable: number } }
      }[]
    }>('tune', '--pair', 'tiger', '--out', 'tiger.json')
    const turned = pairs[0]?.tuned.turned.unacceptable
    expect(turned).toBeGreaterThan(0)
    expect(turned).toBeLessThanOrEqual(25)
    const found = await document<Checked>('check', 'pictures', '--filter', 'tiger.json')
    expect(found.checked).toBe(40)
    const { code, stderr } = await filter(
      ...['check', 'pictures', '--filter', 'tiger.json', '--encoder', 'assay/grey-clip'],
    )
    expect(code).toBe(2)
    expect(stderr).toContain('FINGERPRINT_MISMATCH')
  })

  it('tune on two folders, and search', async () => {
    const lines = (await readFile(join(demo.outputs, 'metadata.jsonl'), 'utf8')).trim().split('\n')
    const group = (name: string) =>
      lines.filter((line) => (JSON.parse(line) as { group: string }).group === name).slice(0, 24)
    for (const [folder, name] of [
      ['animals', 'animals and nature'],
      ['food', 'food and drink'],
    ] as const) {
      await mkdir(join(home, folder))
      for (const line of group(name)) {
        const { file_name: file } = JSON.parse(line) as { file_name: string }
        await writeFile(join(home, folder, file), await readFile(join(demo.outputs, file)))
      }
    }
    const sides = ['--unacceptable', 'animals', '--acceptable', 'food']
    const { pairs } = await document<{
      readonly pairs: readonly { readonly search: { readonly candidates: readonly unknown[] } }[]
    }>('tune', '--pair', 'animal/food', ...sides, '--search', '--out', 'animals.json')
    expect(pairs[0]?.search.candidates.length).toBeGreaterThan(1)
    const curves = await document<{
      readonly methods: readonly {
        readonly curve: {
          readonly relative: readonly { readonly accuracy: { readonly value: number } }[]
        }
      }[]
    }>('certify', '--filter', 'animals.json', ...sides)
    for (const { curve } of curves.methods) {
      const values = curve.relative.map(({ accuracy }) => accuracy.value)
      expect(values).toEqual([...values].sort((one, other) => other - one))
      expect(values[0]).toBeGreaterThan(0.5)
    }
  })

  it('calibrate thresholds that keep their budget on the very pictures', async () => {
    await document(
      'calibrate',
      'pictures',
      '--pair',
      'tiger',
      '--rate',
      '0.1',
      '--out',
      'calm.json',
    )
    const { flagged } = await document<Checked>('check', 'pictures', '--filter', 'calm.json')
    expect(flagged).toBeLessThanOrEqual(4)
  })

  it('certify pictures one by one, at most as far by the bound of the paper', async () => {
    const { methods } = await document<{
      readonly methods: readonly {
        readonly method: string
        readonly certificates: readonly { readonly relativeRadius: number }[]
      }[]
    }>('certify', 'pictures', '--pair', 'tiger')
    const [exact, paper] = methods
    expect(methods.map(({ method }) => method)).toEqual(['exact', 'paper'])
    exact?.certificates.forEach(({ relativeRadius }, at) => {
      expect(paper?.certificates[at]?.relativeRadius).toBeLessThanOrEqual(relativeRadius)
    })
  })
})

describe('assay filter attack', () => {
  it('stresses and attacks within its budget, and never beats a certificate', async () => {
    const budget = 60
    const { stress, attacks } = await document<{
      readonly stress: readonly {
        readonly report: { readonly rows: readonly { readonly flipsWithinRadius: number }[] }
      }[]
      readonly attacks: readonly {
        readonly attack: string
        readonly attempts: readonly {
          readonly queries: number
          readonly success: boolean
          readonly overCertified: number | null
        }[]
      }[]
    }>(
      ...['attack', 'pictures', '--pair', 'tiger', '--most', '4', '--queries', String(budget)],
      ...['--attacks', 'typographic,square,pgd,embedding'],
    )
    const rows = stress.flatMap(({ report }) => report.rows)
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.every(({ flipsWithinRadius }) => flipsWithinRadius === 0)).toBe(true)
    expect(attacks.map(({ attack }) => attack)).toEqual(['square', 'pgd', 'embedding'])
    for (const { attempts } of attacks) {
      expect(attempts).toHaveLength(4)
      for (const { queries } of attempts) expect(queries).toBeLessThanOrEqual(budget)
    }
    const [, pgd, embedding] = attacks
    expect(pgd?.attempts.every(({ success }) => success)).toBe(true)
    for (const { overCertified } of embedding?.attempts ?? []) {
      expect(overCertified).toBeGreaterThanOrEqual(1 - 1e-6)
      expect(overCertified).toBeLessThan(1.1) // More queries come nearer.
    }
  })

  it('has no gradients of an encoder that nobody gave', async () => {
    const grey = ['--encoder', 'assay/grey-clip', '--attacks', 'pgd']
    const { code, stderr } = await filter('attack', 'pictures', '--pair', 'tiger', ...grey)
    expect(code).toBe(2)
    expect(stderr).toContain('--gradients')
  })
})

interface Cell {
  readonly generator: string
  readonly pair: string
  readonly filters: readonly {
    readonly filter: string
    readonly measures: readonly {
      readonly id: string
      readonly group: string
      readonly judge: string
      readonly value: number
      readonly n: number
      readonly interval: { readonly low: number; readonly high: number } | null
    }[]
  }[]
}

describe('assay filter eval', () => {
  it("prints the paper's table of every pair and generator, untuned and tuned", async () => {
    const { cells } = await document<{ readonly cells: readonly Cell[] }>('eval')
    expect(cells.map(({ generator, pair }) => `${generator} ${pair}`)).toEqual([
      ...['sad-face', 'wilted-flower', 'red-apple', 'tiger', 'police-car'].map(
        (pair) => `composer ${pair}`,
      ),
      ...['red-apple', 'tiger'].map((pair) => `tiny-diffusion ${pair}`),
    ])
    for (const { generator, filters } of cells) {
      expect(filters.map((each) => each.filter)).toEqual(['untuned', 'tuned'])
      for (const { measures } of filters) {
        for (const { value, interval } of measures) {
          if (interval === null) continue
          expect(value).toBeGreaterThanOrEqual(interval.low)
          expect(value).toBeLessThanOrEqual(interval.high)
        }
        // At least 200 prompts a side, and 100 pictures whose truth is known.
        const prompts = measures.filter(({ id }) => /^clip|^normalised/.test(id))
        expect(prompts.every(({ n }) => n >= 200)).toBe(true)
        const known = measures.filter(({ judge }) => judge === 'composition')
        expect(known.length > 0).toBe(generator === 'composer')
      }
      const hard = filters[0]?.measures.find(({ id }) => id === 'clip-accuracy-hard')
      expect(hard).toMatchObject({ judge: 'assay/tiny-clip', value: 0 })
    }
  })

  it('prints it for people, with who judged', async () => {
    const { code, stdout } = await filter('eval', '--pair', 'tiger', '--generator', 'composer')
    expect(code).toBe(0)
    expect(stdout).toMatch(/tiger, drawn by composer/)
    expect(stdout).toMatch(/FNR +composition +\d+ /)
  })
})
