import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { tinyClip } from '@assay/tiny-world'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type LoopbackHub,
  startHub,
} from '../../../packages/embed/src/__fixtures__/loopback-hub.js'
import { copyDemoSet, temporaryFolder } from './__fixtures__/picture-folder.js'
import { publishedFiles, writeOpenCard } from './__fixtures__/pullable-model.js'
import { type RunCliOptions, runCli } from './__fixtures__/run-cli.js'

const id = 'test/tiny-clip'
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

let folder = ''
let hub: LoopbackHub
let files: Record<string, Buffer> = {}
beforeAll(async () => {
  folder = await temporaryFolder()
  files = await publishedFiles()
  await writeOpenCard(join(folder, 'card'), id)
  await copyDemoSet('outputs', { to: join(folder, 'pictures'), count: 3 })
})
afterAll(() => rm(folder, { recursive: true }))

let home = ''
beforeEach(async () => {
  home = join(await temporaryFolder(), 'home')
  await mkdir(home)
  hub = await startHub(files)
  return () => hub.close()
})

/** The environment of a user who has nothing yet. */
const env = () => ({
  HOME: home,
  XDG_CACHE_HOME: '',
  XDG_DATA_HOME: '',
  ASSAY_CACHE: '',
  ASSAY_MODELS: join(home, 'models'),
  HF_ENDPOINT: hub.url,
  HF_TOKEN: '',
})

const assay = (arguments_: readonly string[], options: RunCliOptions = {}) =>
  runCli(arguments_, { cwd: folder, ...options, env: { ...env(), ...options.env } })

const agreed = ['--accept-licence', '--yes', '--quiet', '--json']
const pull = (...flags: string[]) => assay(['models', 'pull', 'card', ...flags])

const pulledFolder = () => join(home, 'models', 'test--tiny-clip')
const fileRequests = () => hub.requests.filter(({ path }) => path.includes('/resolve/'))

interface Listed {
  readonly models: readonly { readonly id: string; readonly state: string }[]
}
const listed = async () =>
  (JSON.parse((await assay(['models', 'ls', '--json'])).stdout) as Listed).models

const expectWhole = async () => {
  for (const [path, content] of Object.entries(files)) {
    expect((await readFile(join(pulledFolder(), path))).equals(content), path).toBe(true)
  }
}

const embedded = async (encoder: string) => {
  const run = await assay(['embed', 'pictures', '--encoder', encoder, '--json', '--quiet'])
  expect(run.stderr).toBe('')
  const { rows, fingerprint } = JSON.parse(run.stdout) as { rows: number; fingerprint: string }
  const bytes = await readFile(join(folder, 'embeddings.safetensors'))
  return { rows, fingerprint, vectors: bytes.subarray(-3 * 192 * 4) }
}

describe('assay models', () => {
  it.each(['ls', 'pull', 'verify', 'rm'])('%s shows an example', async (command) => {
    const { code, stdout } = await assay(['models', command, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Example:')
  })

  it('ls knows published models, which explain explains before they are here', async () => {
    const published = 'Xenova/clip-vit-base-patch32'
    const states = (await listed()).map((model) => [model.id, model.state])
    expect(states).toContainEqual(['assay/tiny-clip', 'built-in'])
    expect(states).toContainEqual([published, 'pullable'])
    expect((await assay(['explain', published])).stdout).toContain('"licence"')
    const run = await assay(['embed', 'pictures', '--encoder', published])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('assay models ls')
  })
})

describe('assay models pull', () => {
  it('shows the plan first, and with --plan nothing more', async () => {
    const { code, stdout } = await pull('--plan')
    expect(code).toBe(0)
    expect(stdout).toContain('commercial use allowed')
    expect(stdout).toContain(`${hub.url}/owner/name at ${hub.commit}`)
    expect(stdout).toContain('onnx/vision_model.onnx')
    expect(stdout).toContain('Nobody has told the hash of')
    const planned = JSON.parse((await pull('--plan', '--json')).stdout)
    const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0)
    expect(planned).toMatchObject({ id, licence: 'Apache-2.0', bytes, missingBytes: bytes })
    expect(fileRequests()).toEqual([])
    expect(await readdir(home)).toEqual([])
  })

  it('fetches nothing that nobody has agreed to, and says how to agree', async () => {
    const none = await pull()
    expect(none).toMatchObject({ code: 2, stdout: '' })
    expect(none.stderr).toContain('LICENCE_NOT_ACCEPTED')
    expect(none.stderr).toContain('--accept-licence')
    const half = await pull('--accept-licence')
    expect(half).toMatchObject({ code: 2, stdout: '' })
    expect(half.stderr).toContain('MODEL_NOT_PINNED')
    expect(half.stderr).toContain('--yes')
    expect(fileRequests()).toEqual([])
  })

  it('makes a model that is found by its id and is what it was on the hub', async () => {
    const { code, stdout, stderr } = await pull(...agreed)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ id, folder: pulledFolder() })
    await expectWhole()
    expect((await listed()).find((model) => model.id === id)?.state).toBe('pulled')
    const pulled = await embedded(id)
    expect(pulled.rows).toBe(3)
    expect(pulled).toEqual(await embedded('assay/tiny-clip'))
    const audit = ['audit', '--outputs', 'pictures', '--encoder', id, '--out', join(home, 'out')]
    expect((await assay([...audit, '--quiet'])).code).toBe(0)
  })

  it.skipIf(process.platform !== 'linux')('uses the cache folder of the user', async () => {
    const { code } = await assay(['models', 'pull', 'card', ...agreed], {
      env: { ASSAY_MODELS: '' },
    })
    expect(code).toBe(0)
    expect(await readdir(join(home, '.cache', 'assay', 'models'))).toEqual([
      'models.lock.json',
      'test--tiny-clip',
    ])
  })

  it.skipIf(process.platform !== 'linux')(
    'asks on a terminal, and takes only yes for yes',
    async () => {
      const answer = async (text: string) => {
        const command = `'${process.execPath}' '${main}' models pull card`
        const child = spawn('script', ['-qec', command, '/dev/null'], {
          cwd: folder,
          env: { ...process.env, NO_COLOR: '1', ...env() },
        })
        let shown = ''
        let asked = 0
        child.stdout.on('data', (piece) => {
          shown += String(piece)
          const questions = shown.split('[y/N]').length - 1
          for (; asked < questions; asked++) child.stdin.write(`${text}\n`)
        })
        const [code] = await once(child, 'close')
        return { code, shown, asked }
      }
      const refused = await answer('')
      expect(refused).toMatchObject({ code: 2, asked: 1 })
      expect(refused.shown).toContain('Do you accept the licence Apache-2.0')
      expect(fileRequests()).toEqual([])
      const accepted = await answer('y')
      expect(accepted).toMatchObject({ code: 0, asked: 2 })
      await expectWhole()
    },
  )

  it('in eight processes at once fetches once, and each ends well', async () => {
    const runs = await Promise.all(Array.from({ length: 8 }, () => pull(...agreed)))
    expect(runs.map(({ code }) => code)).toEqual(Array(8).fill(0))
    expect(fileRequests()).toHaveLength(Object.keys(files).length)
    await expectWhole()
    expect(await readdir(join(home, 'models'))).toEqual(['models.lock.json', 'test--tiny-clip'])
  })

  it('names the process that is pulling, and goes on after kill -9', async () => {
    const stalling = { response: null as null | { destroy(): void } }
    hub.fault = ({ path, content, response, serve, etag }) => {
      if (path !== 'onnx/vision_model.onnx') return serve()
      response.writeHead(200, { etag, 'content-length': content.length })
      response.write(content.subarray(0, 5_000_000))
      hub.sentBytes += 5_000_000
      stalling.response = response
    }
    const child = spawn(process.execPath, [main, 'models', 'pull', 'card', ...agreed], {
      cwd: folder,
      env: { ...process.env, ...env() },
      stdio: 'ignore',
    })
    const part = join(pulledFolder(), 'onnx', 'vision_model.onnx.incomplete')
    const arrived = async () => (await stat(part).catch(() => null))?.size === 5_000_000
    await expect.poll(arrived, { timeout: 20_000 }).toBe(true)
    const second = await pull(...agreed, '--no-wait')
    expect(second).toMatchObject({ code: 2, stdout: '' })
    expect(second.stderr).toContain('LOCKED')
    expect(second.stderr).toContain(`process ${child.pid}`)
    child.kill('SIGKILL')
    await once(child, 'close')
    hub.fault = null
    expect((await pull(...agreed)).code).toBe(0)
    await expectWhole()
    const ranges = fileRequests().flatMap(({ headers }) => headers.range ?? [])
    expect(ranges).toEqual(['bytes=5000000-'])
    const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0)
    expect(hub.sentBytes).toBeLessThanOrEqual(bytes * 1.05)
  })

  it('ends with 130 at Ctrl-C, and keeps what has arrived', async () => {
    hub.fault = ({ content, response, etag }) => {
      response.writeHead(200, { etag, 'content-length': content.length })
      response.write(content.subarray(0, 500))
      setTimeout(() => child.kill('SIGINT'), 300)
    }
    const child = spawn(process.execPath, [main, 'models', 'pull', 'card', ...agreed], {
      cwd: folder,
      env: { ...process.env, ...env() },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let stderr = ''
    child.stderr.on('data', (text) => {
      stderr += String(text)
    })
    expect((await once(child, 'close'))[0]).toBe(130)
    expect(stderr).toContain('goes on')
    const left = await readdir(pulledFolder(), { recursive: true })
    expect(left.filter((name) => name.endsWith('.incomplete'))).toHaveLength(1)
  })

  it('ends with 1 where the network fails, and never shows the token', async () => {
    hub.fault = ({ response }) => response.writeHead(400).end()
    const run = await assay(['models', 'pull', 'card', ...agreed], {
      env: { HF_TOKEN: 'hf_s3cret' },
    })
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('NETWORK_FAILED')
    expect(run.stderr + run.stdout).not.toContain('hf_s3cret')
    expect(fileRequests()[0]?.headers.authorization).toBe('Bearer hf_s3cret')
  })

  it('offline opens no connection, and names what is missing', async () => {
    const missing = await pull(...agreed, '--offline')
    expect(missing.code).toBe(2)
    expect(missing.stderr).toContain('MODEL_NOT_PINNED')
    await pull(...agreed)
    hub.requests.length = 0
    expect((await pull(...agreed, '--offline')).code).toBe(0)
    await rm(join(pulledFolder(), 'tokenizer.json'))
    const gone = await pull(...agreed, '--offline')
    expect(gone.code).toBe(2)
    expect(gone.stderr).toContain('tokenizer.json')
    expect(hub.requests).toEqual([])
  })

  it('says which models there are where a name is unknown', async () => {
    const { code, stderr } = await assay(['models', 'pull', 'none'])
    expect(code).toBe(2)
    expect(stderr).toContain('assay/tiny-clip')
    expect((await assay(['models', 'pull', 'assay/tiny-clip'])).code).toBe(2)
  })
})

describe('assay models verify', () => {
  it('finds what was changed and ends with 1; pulling mends it', async () => {
    await pull(...agreed)
    expect((await assay(['models', 'verify'])).code).toBe(0)
    const weights = join(pulledFolder(), 'onnx', 'vision_model.onnx')
    const bytes = await readFile(weights)
    bytes[1000] = (bytes[1000] ?? 0) ^ 1
    await writeFile(weights, bytes)
    await rm(join(pulledFolder(), 'tokenizer.json'))
    const { code, stdout } = await assay(['models', 'verify', id, '--json', '--quiet'])
    expect(code).toBe(1)
    const [model] = JSON.parse(stdout).models as { files: { path: string; state: string }[] }[]
    const wrong = model?.files.filter(({ state }) => state !== 'ok')
    expect(Object.fromEntries((wrong ?? []).map(({ path, state }) => [path, state]))).toEqual({
      'onnx/vision_model.onnx': 'changed',
      'tokenizer.json': 'missing',
    })
    const run = await assay(['embed', 'pictures', '--encoder', id])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(/MODEL_HASH_MISMATCH|MODEL_FILE_MISSING/)
    expect((await pull(...agreed)).code).toBe(0)
    expect((await assay(['models', 'verify', id])).code).toBe(0)
    expect((await assay(['models', 'verify', 'none'])).code).toBe(2)
  })
})

describe('assay models rm', () => {
  it('removes only after a yes, only what pulling made, and keeps the pins', async () => {
    await pull(...agreed)
    const asked = await assay(['models', 'rm', id])
    expect(asked.code).toBe(2)
    expect(asked.stderr).toContain('--yes')
    await writeFile(join(pulledFolder(), 'notes.txt'), 'mine')
    const { code, stdout } = await assay(['models', 'rm', id, '--yes', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ removed: true, forgotten: false })
    expect(await readdir(pulledFolder())).toEqual(['notes.txt'])
    expect((await listed()).some((model) => model.id === id)).toBe(false)
    const lock = await readFile(join(home, 'models', 'models.lock.json'), 'utf8')
    expect(JSON.parse(lock).models).toHaveProperty([id])
    const again = await assay(['models', 'rm', 'none', '--yes'])
    expect(again).toMatchObject({ code: 2, stdout: '' })
  })

  it('with --forget lets another content be pinned, which is refused without', async () => {
    await pull(...agreed)
    await assay(['models', 'rm', id, '--yes'])
    await hub.close()
    hub = await startHub({ ...files, 'onnx/text_model.onnx': Buffer.from('another graph') })
    const refused = await pull(...agreed)
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('MODEL_HASH_MISMATCH')
    expect(refused.stderr).toContain('--forget')
    expect((await assay(['models', 'rm', id, '--yes', '--forget'])).code).toBe(0)
    expect((await pull(...agreed)).code).toBe(0)
  })

  it('leaves the built-in model alone', async () => {
    const { code } = await assay(['models', 'rm', 'assay/tiny-clip', '--yes'])
    expect(code).toBe(2)
    expect(existsSync(join(tinyClip, 'card.json'))).toBe(true)
  })
})

describe('a model of the user that nobody has pinned', () => {
  it('runs isolated, and gives the same embeddings', async () => {
    const own = await writeOpenCard(join(folder, 'own'), 'test/own')
    for (const path of Object.keys(files)) await cp(join(tinyClip, path), join(own, path))
    expect(await embedded('own')).toEqual(await embedded('assay/tiny-clip'))
    // Isolated models run on the cpu; another device is refused rather than passed over.
    const elsewhere = await assay(['embed', 'pictures', '--encoder', 'own', '--device', 'webgpu'])
    expect(elsewhere.code).toBe(2)
    expect(elsewhere.stderr).toContain('ENGINE_UNAVAILABLE')
    expect(elsewhere.stderr).toContain('isolated')
  })
})
