import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseShieldEvidence } from '@assay/repellency/audit'
import { writeShieldReferences } from '@assay/repellency/node'
import { demo } from '@assay/tiny-world'
import type { Command } from 'commander'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyDemoSet, temporaryFolder } from './__fixtures__/picture-folder.js'
import { runCli } from './__fixtures__/run-cli.js'
import { createProgram } from './program.js'
import { pictureVectors } from './shield/picture-vectors.js'
import { sourcePictures } from './shield/source-pictures.js'
import { pixelVectors } from './shield/vector-space.js'

// The tiny diffusion, asked for no more than a few model calls.
const model = ['--model', 'assay/tiny-diffusion', '--steps', '4']
const prompts = ['--prompt', 'a red apple', '--prompt', 'a fox']

const shield = (...arguments_: string[]) =>
  runCli(['shield', ...arguments_], { cwd: home, env: { ASSAY_CACHE: join(home, 'cache') } })

async function document<Type>(...arguments_: string[]): Promise<Type> {
  const { code, stdout, stderr } = await shield(...arguments_, '--quiet', '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout) as Type
}

const evidenceIn = async (folder: string) =>
  parseShieldEvidence(await readFile(join(home, folder, 'shield.json')))

/** The pictures without a shield, as the sampler sees pictures. */
async function readVectors() {
  const { pictures } = await sourcePictures(join(home, 'copies'))
  const space = pixelVectors({ width: 32, height: 32 })
  const { signal } = new AbortController()
  return pictureVectors({ pictures, space, fit: false, task: '', progress() {}, signal })
}

interface Nearest {
  readonly id: string
  readonly distance: number
  readonly nearest: string | null
}

interface Drawn {
  readonly pictures: number
  readonly added: number
  readonly space: string
  readonly protected: { readonly pictures: number } | null
  readonly radius: { readonly radius: number } | null
  readonly diversity: { readonly radius: number } | null
  readonly measures: readonly { readonly id: string; readonly value: number; readonly n: number }[]
  readonly nearest: readonly Nearest[]
  readonly base: { readonly nearest: readonly Nearest[] } | null
}

interface Audited {
  readonly audits: readonly {
    readonly findings: readonly {
      readonly id: string
      readonly items: readonly string[]
      readonly captions: readonly string[]
      readonly evidence: { readonly distance: number }
    }[]
  }[]
}

const guarded = [...prompts, ...model, '--n', '2', '--protect', 'copies', '--radius', '8']

let home = ''
/** Two pictures of each prompt, kept away from what is drawn without a shield. */
let kept: Drawn
beforeAll(async () => {
  home = await temporaryFolder()
  await copyDemoSet('protected', { to: join(home, 'ours'), count: 5 })
  await copyDemoSet('protected', { to: join(home, 'broken'), count: 2 })
  const [name = ''] = (await readdir(join(home, 'broken'))).filter((each) => each.endsWith('png'))
  await writeFile(join(home, 'broken', name), 'no picture')
  const plain = ['generate', ...prompts, ...model, '--n', '2', '--out', 'copies', '--quiet']
  expect((await runCli(plain, { cwd: home })).code).toBe(0)
  kept = await document<Drawn>('generate', ...guarded, '--out', 'kept', '--base')
}, 60_000)

describe('assay shield', () => {
  it('has commands of at most 15 flags, each with an example', () => {
    const isOurs = (command: Command) => command.name() === 'shield'
    const commands = createProgram().commands.find(isOurs)?.commands ?? []
    const names = commands.map((command) => command.name())
    expect(names).toEqual(['generate', 'check', 'calibrate', 'serve'])
    for (const command of commands) {
      expect(command.options.length, command.name()).toBeLessThanOrEqual(15)
      let help = ''
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
      expect(help).toContain(`Example:\n  assay shield ${command.name()}`)
    }
  })

  it.each([
    ['nothing to keep away from', ['generate', '--prompt', 'x'], '--protect'],
    ['a radius of nothing', ['generate', '--prompt', 'x', '--diversify', '--radius', '3'], '--rad'],
    [
      'one folder for both',
      ['generate', '--prompt', 'x', '--protect', 'ours', '--base', 'pictures'],
      '--base',
    ],
    [
      'a service',
      ['generate', '--prompt', 'x', '--protect', 'ours', '--model', 'a1111:http://127.0.0.1:1'],
      'hook',
    ],
    ['no protected picture', ['check', 'ours', '--protect', 'none', '--radius', '1'], 'none'],
    ['no radius among pixels', ['check', 'ours', '--protect', 'ours'], '--radius'],
    ['radius and quantile', ['calibrate', '--radius', '1', '--quantile', '0.1'], '--quantile'],
    [
      'another training set',
      ['check', 'ours', '--protect', 'training', '--radius', '1', '--model', 'x'],
      'trained',
    ],
    ['pictures without a size', ['serve', '--protect', 'ours'], '--size'],
  ])('ends with 2 for %s, says what to do, and leaves stdout empty', async (_, flags, words) => {
    const { code, stdout, stderr } = await shield(...flags)
    expect([code, stdout], stderr).toEqual([2, ''])
    expect(stderr).toContain(words)
  })
})

describe('assay shield generate', () => {
  it('keeps every saved picture away from what it would draw without a shield', async () => {
    expect(kept).toMatchObject({ pictures: 4, added: 4, space: 'pixels 32x32' })
    expect(kept.measures).toMatchObject([
      { id: 'inside', value: 0, n: 4 },
      { id: 'base-inside', value: 1, n: 4 },
    ])
    for (const { distance } of kept.nearest) expect(distance).toBeGreaterThanOrEqual(8)
    for (const { id, distance, nearest } of kept.base?.nearest ?? []) {
      expect(distance).toBe(0)
      expect(nearest).toBe(id)
    }
    expect(
      (await readdir(join(home, 'kept'))).filter((name) => name.endsWith('.png')),
    ).toHaveLength(5)
    const { requests, base } = await evidenceIn('kept')
    expect(base?.map(({ finishedDistance }) => finishedDistance)).toEqual([0, 0, 0, 0])
    expect(requests.map(({ prompt, strict }) => [prompt, strict])).toEqual([
      ['a red apple', true],
      ['a fox', true],
    ])
    for (const { pictures, calls } of requests) {
      expect(calls).toHaveLength(4)
      for (const { activeCalls, met, finishedDistance } of pictures) {
        expect(activeCalls).toBeGreaterThan(0)
        expect(met[0]?.reference).toMatch(/^a-(red-apple|fox)-\d\.png$/)
        expect(finishedDistance).toBeNull()
      }
    }
  })

  it('leaves what the report shows: pictures without the shield, with it, and the nearest protected', async () => {
    const shown = { evidence: 'kept/shield.json', base: 'kept-base' }
    const report = async (repellency: object, sets: object = {}) => {
      const audits = { repellency: { ...shown, ...repellency } }
      const config = { outputs: 'kept', only: ['repellency'], ...sets, audits }
      await writeFile(join(home, 'assay.config.json'), JSON.stringify(config))
      const { code, stdout, stderr } = await runCli(
        ['audit', '--out', 'report', '--quiet', '--json'],
        { cwd: home, env: { ASSAY_CACHE: join(home, 'cache') } },
      )
      expect(code, stderr).toBe(0)
      const html = await readFile(join(home, 'report', 'report.html'), 'utf8')
      const { audits: results } = JSON.parse(stdout) as Audited
      const found = results.flatMap(({ findings }) => findings)
      return { html, shielded: found.filter(({ id }) => id.startsWith('shielded:')) }
    }
    const byFolder = await report({}, { protected: 'copies' })
    expect(byFolder.shielded).toHaveLength(4)
    for (const { items, captions, evidence } of byFolder.shielded) {
      const [, name] = items[0]?.split('/') ?? []
      expect(items.slice(0, 3)).toEqual([`base/${name}`, `outputs/${name}`, `protected/${name}`])
      expect(captions[0]).toBe('without the shield: 0.00 radii, inside')
      expect(captions[1]).toBe(`with the shield: ${(evidence.distance / 8).toFixed(2)} radii`)
      expect(evidence.distance).toBeGreaterThanOrEqual(8)
    }
    expect(byFolder.html.match(/<img src="data:image[^>]*alt="base/g)).toHaveLength(4)
    expect(byFolder.html).not.toContain('no picture')
    // Where no folder holds the protected pictures, as for those of a built-in generator.
    const byNearest = await report({ nearest: 'kept/nearest' })
    expect(byNearest.shielded.map(({ items }) => items[2])).toEqual(
      byNearest.shielded.map(() => expect.stringMatching(/^nearest\/\d\.webp$/)),
    )
    expect(byNearest.html.match(/<img src="data:image[^>]*alt="nearest/g)?.length).toBeGreaterThan(
      3,
    )
  })

  it('draws only what is missing, and tells of all pictures once', async () => {
    const folder = join(home, 'resumed')
    await cp(join(home, 'kept'), folder, { recursive: true })
    await rm(join(folder, 'a-fox-2.png'))
    const again = await document<Drawn>('generate', ...guarded, '--out', 'resumed')
    expect(again).toMatchObject({ pictures: 4, added: 1, base: null })
    const filesToldOf = async () =>
      (await evidenceIn('resumed')).requests
        .flatMap(({ pictures }) => pictures.map(({ file }) => file ?? ''))
        .toSorted()
    const all = ['a-fox-1', 'a-fox-2', 'a-red-apple-1', 'a-red-apple-2'].map(
      (name) => `${name}.png`,
    )
    expect(await filesToldOf()).toEqual(all)
    expect((await evidenceIn('resumed')).base).toHaveLength(4)
    // As a run leaves it that was killed.
    await rm(join(folder, 'shield.json'))
    await rm(join(folder, 'a-fox-1.png'))
    await document<Drawn>('generate', ...guarded, '--out', 'resumed')
    expect(await filesToldOf()).toEqual(all)
  })

  it('refuses a folder of another radius', async () => {
    const { code, stderr } = await shield('generate', ...guarded.with(-1, '9'), '--out', 'kept')
    expect(code).toBe(2)
    expect(stderr).toContain('RUN_MISMATCH')
  })

  it('keeps pictures of a prompt apart, and away from protected ones at the same time', async () => {
    const flags = ['--prompt', 'a red apple', ...model, '--n', '3', '--diversify', '20']
    const apart = await document<Drawn>('generate', ...flags, '--out', 'apart')
    expect(apart).toMatchObject({ pictures: 3, protected: null, diversity: { radius: 20 } })
    const both = [...flags, '--protect', 'copies', '--radius', '8', '--out', 'both']
    const drawn = await document<Drawn>('generate', ...both)
    expect(drawn.measures).toMatchObject([{ id: 'inside', value: 0, n: 3 }])
    const { requests } = await evidenceIn('both')
    expect(requests.map(({ preset, pictures }) => [preset, pictures.length])).toEqual([
      ['protect', 3],
      ['diversify', 0],
    ])
    expect(requests[1]?.calls.some(({ active }) => active > 0)).toBe(true)
  })

  it('takes references that are kept on disk as numbers', async () => {
    const { vectors } = await readVectors()
    const size = { channels: 3, height: 32, width: 32 }
    const spaceOf = (fingerprint: string | null) => ({ ...size, scale: 1, shift: 0, fingerprint })
    for (const [name, fingerprint] of [
      ['numbers', 'pixels 32x32'],
      ['nameless', null],
    ] as const) {
      const [folder, rows] = [join(home, name), { ...vectors, fingerprint }]
      await writeShieldReferences({ folder, space: spaceOf(fingerprint), rows: () => [rows] })
    }
    const flags = [...prompts, ...model, '--n', '2', '--protect', 'numbers', '--radius', '8']
    const drawn = await document<Drawn>('generate', ...flags, '--out', 'by-numbers')
    expect(drawn).toMatchObject({ protected: { pictures: 4 }, measures: [{ value: 0, n: 4 }] })
    expect(drawn.nearest.every(({ nearest }) => nearest === null)).toBe(true)
    const nameless = flags.map((flag) => (flag === 'numbers' ? 'nameless' : flag))
    const { code, stderr } = await shield('generate', ...nameless, '--out', 'by-nameless')
    expect(code).toBe(2)
    expect(stderr).toContain('pixels 32x32')
  })

  it('draws nothing where a protected picture cannot be read', async () => {
    const flags = [...prompts, ...model, '--protect', 'broken', '--radius', '8', '--out', 'never']
    const { code, stderr } = await shield('generate', ...flags)
    expect(code).toBe(2)
    expect(stderr).toContain('cannot be read, and so not be protected')
    await expect(readdir(join(home, 'never'))).rejects.toThrow()
  })
})

describe('assay shield check', () => {
  it('counts what lies in a shield, and ends with 100 where it is a gate', async () => {
    const flags = ['--protect', 'copies', '--radius', '8']
    const held = await document<{ readonly pictures: readonly Nearest[] }>(
      ...['check', 'kept', ...flags, '--gate'],
    )
    expect(held.pictures).toHaveLength(4)
    const { code, stdout } = await shield('check', 'kept-base', ...flags, '--gate', '--quiet')
    expect(code).toBe(100)
    expect(stdout).toMatch(/a-fox-1\.png +INSIDE +0\.000 +0\.00 +a-fox-1\.png/)
    expect(stdout).toContain('100.0 %')
  })

  it('brings protected pictures of another size to that of the pictures', async () => {
    const { pictures } = await document<{ readonly pictures: readonly Nearest[] }>(
      ...['check', 'kept', '--protect', 'ours', '--radius', '8'],
    )
    expect(pictures.every(({ distance, nearest }) => distance > 8 && nearest !== null)).toBe(true)
  })

  it('compares embeddings, within the near-duplicates of the encoder where nobody says how near', async () => {
    const lines = (await readFile(join(demo.outputs, 'metadata.jsonl'), 'utf8')).trim().split('\n')
    const copy = lines
      .map((line) => JSON.parse(line) as Record<string, string>)
      .find(({ plantedKind }) => plantedKind === 'protected-copy')
    const flags = ['--protect', demo.protected, '--space', 'assay/tiny-clip']
    const { radius, pictures } = await document<{
      readonly radius: number
      readonly pictures: readonly (Nearest & { readonly inside: boolean })[]
    }>('check', join(demo.outputs, copy?.['file_name'] ?? ''), ...flags)
    expect(radius).toBeCloseTo(Math.sqrt(2 - 2 * 0.972), 9)
    expect(pictures).toMatchObject([{ inside: true, nearest: copy?.['plantedFrom'] }])
  })

  it('ends with 3 where a picture cannot be read, and counts the others', async () => {
    const { code, stdout } = await shield(
      ...['check', 'broken', '--protect', 'ours', '--radius', '8', '--json', '--quiet'],
    )
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({ checked: 1, measures: [{ n: 1, missing: 1 }] })
  })
})

describe('assay shield calibrate', () => {
  it('finds the radius that holds a share, and says what another one holds', async () => {
    const flags = ['calibrate', '--outputs', 'kept', '--protect', 'ours']
    const found = await document<{ readonly radius: number; readonly inside: number }>(
      ...[...flags, '--quantile', '0.5'],
    )
    expect(found).toMatchObject({ mode: 'protection', space: 'pixels 32x32', outputs: 4 })
    const judged = await document<{ readonly inside: number }>(
      ...[...flags, '--radius', String(found.radius + 0.001)],
    )
    expect(judged.inside).toBe(0.5)
    const covering = await shield(...flags, '--radius', '100')
    expect(covering.code).toBe(2)
    expect(covering.stderr).toContain('cover')
    await document(...flags, '--radius', '100', '--force')
  })

  it('takes the pairs of each prompt where nothing is protected', async () => {
    const flags = [...prompts, ...model, '--n', '3']
    const { radius, prompts: each } = await document<{
      readonly radius: number
      readonly prompts: readonly { readonly calibration: { readonly radius: number } }[]
    }>('calibrate', ...flags)
    const [one = 0, other = 0] = each.map(({ calibration }) => calibration.radius)
    expect(radius).toBeCloseTo((one + other) / 2, 6)
  })

  it('finds none for a generator that copies', async () => {
    const { code, stderr } = await shield('calibrate', '--outputs', 'copies', '--protect', 'copies')
    expect(code).toBe(2)
    expect(stderr).toContain('copies')
  })
})

describe('assay shield serve', () => {
  it('serves on this machine to who has the token, and ends with 0 at Ctrl-C', async () => {
    const answers: number[] = []
    let served: unknown = null
    const { code, stdout, stderr } = await runCli(
      ['shield', 'serve', '--protect', 'mine=ours', '--size', '32'],
      {
        cwd: home,
        onStdout(text, kill) {
          const [, url = '', token = ''] = /SHIELD_URL=(\S+)\nSHIELD_TOKEN=(\S+)\n/.exec(text) ?? []
          if (token === '') return
          void (async () => {
            const without = await fetch(`${url}/v1`)
            const answer = await fetch(`${url}/v1`, {
              headers: { authorization: `Bearer ${token}` },
            })
            answers.push(without.status, answer.status)
            served = await answer.json()
            kill('SIGINT')
          })()
        },
      },
    )
    expect(code, stderr).toBe(0)
    expect(answers).toEqual([401, 200])
    expect(JSON.stringify(served)).toContain('mine')
    expect(stderr).toContain('mine: 5 references of 3072 numbers')
    expect(stdout.match(/SHIELD_TOKEN/g)).toHaveLength(1)
  })
})
