import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeImage, readPictureSet } from '@assay/embed'
import { tinyDiffusion } from '@assay/tiny-world'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunCliOptions, runCli } from './__fixtures__/run-cli.js'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'assay-generate-'))
  return () => rm(home, { recursive: true })
})

const noKeys = { OPENAI_API_KEY: '', OPENAI_BASE_URL: '', HF_TOKEN: '', A1111_AUTH: '' }
const assay = (arguments_: readonly string[], { env, ...options }: RunCliOptions = {}) =>
  runCli(['generate', ...arguments_], { cwd: home, ...options, env: { ...noKeys, ...env } })
const two = ['--prompt', 'a red apple', '--prompt', 'a frog', '--n', '3']

/** Names and bytes of the pictures in a folder. */
async function picturesIn(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(join(home, folder))).filter((name) => name.endsWith('.png'))
  const files = names.sort().map(async (name) => {
    return [name, await readFile(join(home, folder, name))] as const
  })
  return new Map(await Promise.all(files))
}

/** The set of a folder, every picture of which is whole. */
async function wholeSet(folder: string) {
  const set = await readPictureSet(join(home, folder))
  expect(set.failures).toEqual([])
  for (const { source } of set.pictures) await decodeImage(source as string)
  return set
}

describe('assay generate', () => {
  it('draws every prompt with its seeds, and says what each picture was made of', async () => {
    const { code, stdout, stderr } = await assay([...two, '--json', '--quiet', '--contact-sheet'])
    expect([code, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toEqual({
      generator: {
        id: 'assay/composer',
        fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      plan: expect.stringMatching(/^[0-9a-f]{64}$/),
      out: 'pictures',
      pictures: 6,
      added: 6,
      rejected: [],
      failures: [],
      contactSheet: join('pictures', 'contact-sheet.png'),
    })
    const { pictures } = await wholeSet('pictures')
    expect(pictures.map(({ id, prompt }) => [id, prompt])).toEqual([
      ...[1, 2, 3].map((seed) => [`a-red-apple-${seed}.png`, 'a red apple']),
      ...[1, 2, 3].map((seed) => [`a-frog-${seed}.png`, 'a frog']),
    ])
    for (const { metadata } of pictures) {
      const { details } = metadata as {
        readonly details: { readonly attribution: { readonly shares: { share: number }[] } }
      }
      const sum = details.attribution.shares.reduce((total, { share }) => total + share, 0)
      expect(sum).toBeCloseTo(1, 4)
    }
    const sheet = await decodeImage(join(home, 'pictures', 'contact-sheet.png'))
    expect(sheet.width).toBe(8 + 3 * 136)
  })

  it('draws the same bytes from the same seed, alone or beside others, and others from another', async () => {
    const draw = (out: string, ...flags: string[]) =>
      assay(['--prompt', 'a red apple', '--out', out, '--quiet', ...flags])
    await draw('many', '--n', '3', '--seed', '7')
    await draw('alone', '--n', '1', '--seed', '8')
    const many = await picturesIn('many')
    const alone = await picturesIn('alone')
    expect([...many.keys()]).toEqual([7, 8, 9].map((seed) => `a-red-apple-${seed}.png`))
    expect(alone.get('a-red-apple-8.png')).toEqual(many.get('a-red-apple-8.png'))
    expect(many.get('a-red-apple-7.png')).not.toEqual(many.get('a-red-apple-8.png'))
  })

  it('draws with the memoriser: every picture is one of the bank', async () => {
    await assay([...two, '--model', 'assay/memoriser', '--quiet'])
    const { pictures } = await wholeSet('pictures')
    expect(pictures.length).toBe(6)
    for (const { metadata } of pictures) {
      expect(metadata).toMatchObject({
        generator: 'assay/memoriser',
        details: { attribution: { shares: [{ share: expect.closeTo(1, 3) }] } },
      })
    }
  })

  it.each([
    ['the tiny diffusion', 'assay/tiny-diffusion'],
    ['a folder in the layout of diffusers, isolated where it has no card', 'pipeline'],
  ])('draws with %s', async (_, model) => {
    const isPart = (path: string) => !path.endsWith('pipeline-card.json')
    await cp(tinyDiffusion, join(home, 'pipeline'), { recursive: true, filter: isPart })
    const few = ['--prompt', 'a frog', '--n', '1', '--steps', '2', '--guidance', '1.5']
    const { code } = await assay([...few, '--model', model, '--quiet'])
    expect(code).toBe(0)
    expect((await wholeSet('pictures')).pictures).toMatchObject([
      { metadata: { width: 32, height: 32, details: { steps: 2, guidanceScale: 1.5 } } },
    ])
  })

  it('refuses a folder without card on another device than the cpu', async () => {
    await cp(tinyDiffusion, join(home, 'pipeline'), { recursive: true })
    await rm(join(home, 'pipeline', 'pipeline-card.json'), { force: true })
    const run = await assay(['--prompt', 'x', '--model', 'pipeline', '--device', 'webgpu'])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('isolated')
  })

  it('reads prompts from text and JSON lines; a prompt named twice gets other pictures', async () => {
    await writeFile(join(home, 'prompts.txt'), 'a frog\r\n\r\na whale\r\na frog\r\n')
    await writeFile(join(home, 'more.jsonl'), '{"prompt": "a tulip", "id": 7}\n')
    const model = ['--model', 'assay/memoriser', '--quiet', '--n', '1', '--steps', '4']
    await assay([...model, '--prompt', 'a bus', '--prompts', 'prompts.txt', '--out', 'text'])
    expect([...(await picturesIn('text')).keys()]).toEqual([
      'a-bus-1.png',
      'a-frog-1.png',
      'a-frog-2.png',
      'a-whale-1.png',
    ])
    await assay([...model, '--prompts', 'more.jsonl', '--out', 'lines'])
    const { pictures } = await wholeSet('lines')
    expect(pictures).toMatchObject([{ prompt: 'a tulip', metadata: { seed: 1, steps: 4 } }])
  })

  it.each<[string, readonly string[], string]>([
    ['no prompt', [], '--prompt'],
    ['an empty prompt', ['--prompt', ' '], 'empty'],
    ['a missing file of prompts', ['--prompts', 'none.txt'], 'none.txt'],
    ['a line that is no prompt', ['--prompts', 'bad.jsonl'], 'Line 2 of bad.jsonl'],
    ['no pictures', ['--prompt', 'x', '--n', '0'], 'number of pictures is 0'],
    ['a seed that is no number', ['--prompt', 'x', '--seed', '-1'], '--seed -1'],
    ['a guidance that is no number', ['--prompt', 'x', '--guidance', 'high'], '--guidance high'],
    ['a size that is none', ['--prompt', 'x', '--size', '0x4'], '--size 0x4'],
    ['a size that the bank has not', ['--prompt', 'x', '--size', '64'], '32 x 32'],
    ['a slip in a model', ['--prompt', 'x', '--model', 'assay/compser'], 'mean assay/composer?'],
    ['half of a model', ['--prompt', 'x', '--model', 'memorizer'], 'mean assay/memoriser?'],
    ['a slip in a service', ['--prompt', 'x', '--model', 'opnai:y'], 'mean openai:'],
    ['a service without a key', ['--prompt', 'x', '--model', 'openai:y'], 'OPENAI_API_KEY'],
    ['another one', ['--prompt', 'x', '--model', 'huggingface:a/b'], 'HF_TOKEN'],
    ['a service without a model', ['--prompt', 'x', '--model', 'openai:'], 'names no model'],
    ['ComfyUI without a workflow', ['--prompt', 'x', '--model', 'comfyui:'], '--workflow'],
    ['a missing workflow', ['--prompt', 'x', '--model', 'comfyui:', '--workflow', 'w'], 'workflow'],
    ['a workflow for another', ['--prompt', 'x', '--workflow', 'w.json'], '--workflow'],
    [
      'a device for a service',
      ['--prompt', 'x', '--model', 'a1111:', '--device', 'cpu'],
      '--device',
    ],
    ['a folder that is no pipeline', ['--prompt', 'x', '--model', '.'], 'model_index.json'],
  ])('ends with 2 for %s, says what to do, and draws nothing', async (_, arguments_, words) => {
    await writeFile(join(home, 'bad.jsonl'), '{"prompt": "a"}\n{"text": "b"}\n')
    const { code, stdout, stderr } = await assay(arguments_)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(words)
    const files = await readdir(home, { recursive: true })
    expect(files.filter((name) => name.endsWith('.png'))).toEqual([])
  })

  it('takes the folder for another command where nothing was drawn into it', async () => {
    const frog = ['--prompt', 'a frog', '--model', 'assay/memoriser', '--n', '1']
    expect((await assay([...frog, '--size', '64'])).code).toBe(2)
    expect((await assay(frog)).code).toBe(0)
  })

  it('refuses a folder of other pictures', async () => {
    const draw = (...flags: string[]) => assay(['--model', 'assay/memoriser', '--n', '1', ...flags])
    await draw('--prompt', 'a frog')
    const { code, stderr } = await draw('--prompt', 'a bus')
    expect(code).toBe(2)
    expect(stderr).toContain('RUN_MISMATCH')
    expect([...(await picturesIn('pictures')).keys()]).toEqual(['a-frog-1.png'])
  })
})

describe('an interrupted assay generate', () => {
  const prompts = ['a red apple', 'a frog', 'a whale', 'a tulip']
  const flags = [...prompts.flatMap((prompt) => ['--prompt', prompt]), '--n', '4']

  /** Ends the command as soon as the first of its pictures is there. */
  const cutOff = async (out: string, end: NodeJS.Signals) => {
    let ending: Promise<void> | null = null
    const finished = new AbortController()
    const run = assay([...flags, '--out', out], {
      onSpawn(kill) {
        ending = (async () => {
          while (!finished.signal.aborted) {
            const names = await readdir(join(home, out)).catch(() => [])
            if (names.some((name) => /^[^.].*\.png$/.test(name))) return kill(end)
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
        })()
      },
    })
    const ended = await run
    finished.abort()
    await ending
    return ended
  }

  it('leaves whole pictures only at Ctrl-C, and ends with 130', async () => {
    const { code, stderr } = await cutOff('cut', 'SIGINT')
    expect(code).toBe(130)
    expect(stderr).toContain('goes on')
    const { pictures } = await wholeSet('cut')
    expect(pictures.length).toBeGreaterThan(0)
    expect(pictures.length).toBeLessThan(16)
    expect((await picturesIn('cut')).size).toBe(pictures.length)
    expect((await readdir(join(home, 'cut'))).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('goes on after kill -9, draws only what is missing, and ends with the same bytes', async () => {
    expect((await cutOff('killed', 'SIGKILL')).code).toBeNull()
    const kept = await picturesIn('killed')
    expect(kept.size).toBeLessThan(16)
    for (const bytes of kept.values()) await decodeImage(bytes)
    const resumed = await assay([...flags, '--out', 'killed', '--json'])
    const { added, pictures } = JSON.parse(resumed.stdout) as { added: number; pictures: number }
    expect(pictures).toBe(16)
    // The last one may have been written and not yet recorded.
    expect(added).toBeGreaterThanOrEqual(16 - kept.size)
    expect(added).toBeLessThanOrEqual(16 - kept.size + 1)
    await assay([...flags, '--out', 'whole'])
    expect(await picturesIn('killed')).toEqual(await picturesIn('whole'))
    const metadata = (folder: string) => readFile(join(home, folder, 'metadata.jsonl'), 'utf8')
    expect(await metadata('killed')).toBe(await metadata('whole'))
  })
})

describe('assay generate with a service', () => {
  const picture =
    'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR42mM4EaABRAwQCgAljgUBQTLeRwAAAABJRU5ErkJggg=='
  const refusal = {
    error: { code: 'moderation_blocked', message: 'The safety system refused it.' },
  }
  const secret = 'sk-secret-1234'

  let server: Server
  let env: Record<string, string> = {}
  let keys: (string | undefined)[] = []
  beforeEach(async () => {
    keys = []
    server = createServer(async (request, response) => {
      keys.push(request.headers.authorization)
      let body = ''
      for await (const piece of request) body += piece
      const { prompt } = JSON.parse(body) as { prompt: string }
      const answer = (status: number, value: unknown) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(value))
      if (prompt.includes('forbidden')) answer(400, refusal)
      else if (prompt.includes('impossible')) answer(422, { error: `not with ${secret}` })
      else answer(200, { data: [{ b64_json: picture }] })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    env = { OPENAI_API_KEY: secret, OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` }
  })
  afterEach(() => void server.close())

  const draw = (...prompts: string[]) =>
    assay(
      [
        ...prompts.flatMap((text) => ['--prompt', text]),
        '--n',
        '2',
        '--json',
        '--model',
        'openai:x',
      ],
      { env },
    )

  it('takes the key from the environment and tells it nowhere', async () => {
    const { code, stdout, stderr } = await draw('a fox', 'an impossible fox')
    expect(code).toBe(3)
    expect(new Set(keys)).toEqual(new Set([`Bearer ${secret}`]))
    const files = await readdir(join(home, 'pictures'))
    const written = await Promise.all(files.map((name) => readFile(join(home, 'pictures', name))))
    expect([stdout, stderr, ...written.map(String)].join()).not.toContain(secret)
  })

  it('takes a refusal for an outcome, and ends with 0', async () => {
    const { code, stdout } = await draw('a fox', 'a forbidden fox')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      generator: { id: 'openai/x', fingerprint: null },
      pictures: 2,
      added: 4,
      failures: [],
      rejected: [1, 2].map((seed) => ({ prompt: 'a forbidden fox', seed })),
    })
    expect((await wholeSet('pictures')).pictures.length).toBe(2)
  })

  it('ends with 3 where more failed than is tolerated, and tries those again', async () => {
    const failed = await draw('a fox', 'an impossible fox')
    expect(failed.code).toBe(3)
    expect(JSON.parse(failed.stdout)).toMatchObject({
      pictures: 2,
      failures: [1, 2].map((seed) => ({
        id: `an impossible fox (seed ${seed})`,
        stage: 'generate',
        code: 'INVALID_ARGUMENT',
      })),
    })
    const before = keys.length
    const again = ['--prompt', 'a fox', '--prompt', 'an impossible fox', '--n', '2']
    const { code } = await assay([...again, '--model', 'openai:x', '--tolerance', '0.5'], { env })
    expect(code).toBe(0)
    expect(keys.length).toBeGreaterThan(before)
    expect(keys.length).toBeLessThanOrEqual(before + 2)
  })
})
