import { appendFile, cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { auditDocumentSchema } from '@assay/audit'
import { openMatrixFile } from '@assay/store'
import { demo, tinyClip } from '@assay/tiny-world'
import { beforeAll, describe, expect, it } from 'vitest'
import { copyDemoSet, temporaryFolder } from './__fixtures__/picture-folder.js'
import { runCli } from './__fixtures__/run-cli.js'

let home = ''
let env: Record<string, string> = {}
beforeAll(async () => {
  home = await temporaryFolder()
  env = { ASSAY_CACHE: join(home, 'cache') }
  await copyDemoSet('outputs', { to: join(home, 'outputs'), count: 24 })
  await copyDemoSet('protected', { to: join(home, 'protected'), count: 20 })
})

/** A device of another operating system. */
const absentDevice = process.platform === 'win32' ? 'coreml' : 'dml'

const assay = (...arguments_: string[]) => runCli(arguments_, { cwd: home, env })

describe('assay', () => {
  it('tells its commands, each with an example', async () => {
    const { code, stdout } = await assay('--help')
    expect(code).toBe(0)
    const groups = { models: 'ls', attribution: 'index' }
    const commands = ['audit', 'diversity', 'embed', 'generate', 'list', 'explain', 'doctor']
    for (const command of [...commands, ...Object.keys(groups)]) {
      expect(stdout).toContain(`  ${command}`)
      const [, inner] = Object.entries(groups).find(([group]) => group === command) ?? []
      const help = await assay(command, ...(inner === undefined ? [] : [inner]), '--help')
      expect(help.stdout).toContain('Example:')
    }
  })

  it.each([
    ['an unknown command', ['polish']],
    ['an unknown flag', ['audit', '--loud']],
    ['no outputs', ['audit']],
    ['a missing folder', ['audit', '--outputs', 'nowhere']],
    ['an unknown model', ['audit', '--outputs', 'outputs', '--encoder', 'none']],
    ['an unknown audit', ['audit', '--outputs', 'outputs', '--only', 'none']],
    ['a seed that is no number', ['audit', '--outputs', 'outputs', '--seed', 'x']],
    ['no threads', ['audit', '--outputs', 'outputs', '--threads', '0']],
    ['an unknown device', ['audit', '--outputs', 'outputs', '--device', 'abacus']],
    ['a device that is not there', ['audit', '--outputs', 'outputs', '--device', absentDevice]],
    ['an unknown device to embed on', ['embed', 'outputs', '--device', 'abacus']],
    ['one that is not there', ['embed', 'outputs', '--device', absentDevice]],
    ['an unknown subject', ['explain', 'none']],
    ['a missing configuration', ['audit', 'none.json']],
  ])('ends with 2 for %s and leaves stdout empty', async (_, arguments_) => {
    const { code, stdout, stderr } = await assay(...arguments_)
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).not.toBe('')
  })

  it('suggests the configuration key that was meant', async () => {
    await writeFile(join(home, 'slip.json'), '{ "outputs": "outputs", "protectd": "protected" }')
    const { code, stderr } = await assay('audit', 'slip.json')
    expect(code).toBe(2)
    expect(stderr).toContain('CONFIG_UNKNOWN_KEY')
    expect(stderr).toContain('Did you mean "protected"?')
  })
})

describe('assay list, explain, models ls and doctor', () => {
  it('lists audits, measures, models and generators, and explains each of them', async () => {
    const { stdout } = await assay('list', '--json')
    const { audits, models, generators } = JSON.parse(stdout) as {
      audits: { id: string; measures: string[] }[]
      models: { id: string }[]
      generators: { id: string }[]
    }
    expect(generators.map(({ id }) => id)).toContain('assay/composer')
    expect(audits.map(({ id }) => id)).toContain('similarity')
    expect(models.map(({ id }) => id)).toContain('assay/tiny-clip')
    const [first] = audits
    for (const id of [
      'similarity',
      `similarity/${first?.measures[0]}`,
      'assay/tiny-clip',
      'assay/composer',
    ]) {
      expect((await assay('explain', id)).code).toBe(0)
    }
    expect((await assay('models', 'ls')).stdout).toContain('commercial use allowed')
  })

  it('finds nothing wrong with this machine', async () => {
    const { code, stdout } = await assay('doctor', '--json')
    const { checks } = JSON.parse(stdout) as {
      checks: { name: string; works: boolean; needed: boolean; detail: string; remedy: string }[]
    }
    expect(checks.filter(({ works, needed }) => needed && !works)).toEqual([])
    expect(code).toBe(0)
    const optional = checks.filter(({ needed }) => !needed)
    expect(optional.map(({ name }) => name)).toEqual([
      'Device cuda',
      'Device coreml',
      'Device dml',
      'Device webgpu',
      'usearch',
      'faiss-node',
      'Chromium',
    ])
    for (const { works, detail, remedy } of optional) {
      expect(detail).not.toBe('')
      if (!works) expect(remedy).toMatch(/^(Needs|Only)/)
    }
  })
})

describe('assay embed', () => {
  it('writes a matrix file that knows its ids and its encoder', async () => {
    const { code, stdout } = await assay('embed', 'outputs', '--json', '--out', 'o.safetensors')
    expect(code).toBe(0)
    const done = JSON.parse(stdout) as { rows: number; fingerprint: string }
    const file = await openMatrixFile(join(home, 'o.safetensors'))
    expect(file).toMatchObject({ rows: 24, columns: 192, fingerprint: done.fingerprint })
    await file.close()
  })
})

describe('assay audit', () => {
  const arguments_ = ['audit', '--outputs', 'outputs', '--protected', 'protected']

  it('prints a valid document, and nothing else, on stdout', async () => {
    const { code, stdout } = await assay(...arguments_, '--out', 'first', '--json')
    expect(code).toBe(0)
    const document = auditDocumentSchema.parse(JSON.parse(stdout))
    expect(document.run.inputs).toMatchObject([
      { set: 'outputs', path: 'outputs', items: 24, failures: [] },
      { set: 'protected', path: 'protected', items: 20, failures: [] },
    ])
    expect(await readdir(join(home, 'first'))).toEqual(
      expect.arrayContaining(['audit.json', 'items.jsonl', 'report.html', 'run.json']),
    )
    const lines = (await readFile(join(home, 'first', 'items.jsonl'), 'utf8')).trim().split('\n')
    expect(lines.length).toBe(24)
  })

  it('writes the same bytes again, with another folder, cache and number of threads', async () => {
    await assay(...arguments_, '--out', 'again', '--quiet')
    const other = await runCli([...arguments_, '--out', 'other', '--quiet', '--threads', '1'], {
      cwd: home,
      env: { ASSAY_CACHE: join(home, 'other-cache') },
    })
    expect(other).toMatchObject({ code: 0, stdout: '', stderr: '' })
    expect(await stableDocument('again')).toBe(await stableDocument('other'))
    expect(await readFile(join(home, 'again', 'items.jsonl'), 'utf8')).toBe(
      await readFile(join(home, 'other', 'items.jsonl'), 'utf8'),
    )
  })

  it('counts broken pictures and lines as missing, names them, and ends with 3', async () => {
    const folder = join(home, 'broken')
    await cp(join(home, 'outputs'), folder, { recursive: true })
    const [first = '', second = ''] = (await readdir(folder)).filter((name) =>
      name.endsWith('.png'),
    )
    const bytes = await readFile(join(folder, first))
    await writeFile(join(folder, first), bytes.subarray(0, bytes.length - 200))
    await writeFile(join(folder, second), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    await appendFile(join(folder, 'metadata.jsonl'), '{ "file_name": \n{"file_name":"none.png"}\n')
    const { code, stdout } = await assay('audit', '--outputs', 'broken', '--out', 'b', '--json')
    expect(code).toBe(3)
    const { run, audits } = auditDocumentSchema.parse(JSON.parse(stdout))
    const failures = run.inputs[0]?.failures ?? []
    expect(failures.map(({ code }) => code).sort()).toEqual([
      'FILE_MISSING',
      'IMAGE_TRUNCATED',
      'IMAGE_UNSUPPORTED_FORMAT',
      'MALFORMED_METADATA',
    ])
    expect(failures.find(({ code }) => code === 'MALFORMED_METADATA')?.location.row).toBe(25)
    const vendi = audits[0]?.measures.find(({ id }) => id === 'vendi')
    expect(vendi).toMatchObject({ n: 22, missing: 4 })
  })

  it('refuses a model whose weights were changed, before a session opens', async () => {
    const model = join(home, 'model')
    await cp(tinyClip, model, { recursive: true })
    const weights = join(model, 'onnx', 'vision_model.onnx')
    const bytes = await readFile(weights)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    await writeFile(weights, bytes)
    const { code, stderr } = await assay('audit', '--outputs', 'outputs', '--encoder', 'model')
    expect(code).toBe(2)
    expect(stderr).toContain('MODEL_HASH_MISMATCH')
  })
})

describe('an interrupted audit', () => {
  const run = (out: string, cache: string, signal?: NodeJS.Signals) =>
    runCli(['audit', '--outputs', demo.outputs, '--reference', demo.reference, '--out', out], {
      cwd: home,
      env: { ASSAY_CACHE: join(home, cache) },
      onStderr: (text, kill) => {
        if (signal !== undefined && text.includes('embed outputs')) kill(signal)
      },
    })
  const cached = async (cache: string) =>
    (await readdir(join(home, cache), { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isFile(),
    ).length

  it('ends with 130 at Ctrl-C, says so, and keeps what it has', async () => {
    const { code, stderr } = await run('interrupted', 'interrupted-cache', 'SIGINT')
    expect(code).toBe(130)
    expect(stderr).toContain('goes on')
    expect(await cached('interrupted-cache')).toBeGreaterThan(100)
  })

  it('goes on after kill -9 and ends with the bytes of an uninterrupted run', async () => {
    const killed = await run('killed', 'killed-cache', 'SIGKILL')
    expect(killed.code).toBeNull()
    const kept = await cached('killed-cache')
    expect(kept).toBeGreaterThan(100)
    expect((await run('killed', 'killed-cache')).code).toBe(0)
    const whole = await run('whole', 'whole-cache')
    expect(whole.code).toBe(0)
    expect(whole.stderr).not.toContain('Warning')
    expect(await stableDocument('killed')).toBe(await stableDocument('whole'))
  })
})

/** The document without what may differ. */
async function stableDocument(folder: string): Promise<string> {
  const text = await readFile(join(home, folder, 'audit.json'), 'utf8')
  return text.slice(0, text.indexOf('"volatile"'))
}
