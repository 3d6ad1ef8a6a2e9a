import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError, type Progress } from '@assay/core'
import { acquireLock } from '@assay/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeEngine } from '../__fixtures__/fake-engine.js'
import { type LoopbackHub, startHub } from '../__fixtures__/loopback-hub.js'
import { closedCard, modelFiles, openCard, sha256Of } from '../__fixtures__/pullable-model.js'
import { listModels } from '../card/list-models.js'
import type { ModelCard } from '../card/model-card.js'
import { openEncoder } from '../encoder/open-encoder.js'
import { planPull } from './plan-pull.js'
import { type PulledModel, type PullModelOptions, pullModel } from './pull-model.js'

let modelsFolder: string
let folder: string
let hub: LoopbackHub
beforeEach(async () => {
  modelsFolder = mkdtempSync(join(tmpdir(), 'assay-pull-'))
  folder = join(modelsFolder, 'test--model')
  hub = await startHub(modelFiles)
})
afterEach(async () => {
  await hub.close()
  rmSync(modelsFolder, { recursive: true })
})

const quick = { retries: 2, backOffSeconds: 0.001, stallSeconds: 5 }
const agreed = { acceptLicence: true, confirmUnpinned: true, ...quick }

const pull = async (
  card: ModelCard,
  options: Partial<PullModelOptions> & { readonly offline?: boolean } = {},
): Promise<PulledModel> => {
  const { offline = false, ...rest } = options
  const plan = await planPull({ card, modelsFolder, hub: hub.url, offline, ...quick })
  return pullModel(plan, { ...agreed, ...rest })
}

const failure = (work: Promise<unknown>): Promise<AssayError> =>
  work.then(
    () => expect.fail('it was let through'),
    (error: unknown) => (AssayError.isInstance(error) ? error : expect.fail(String(error))),
  )

const fileRequests = () => hub.requests.filter(({ path }) => path.includes('/resolve/'))
const lockFile = () => JSON.parse(readFileSync(join(modelsFolder, 'models.lock.json'), 'utf8'))

const expectWhole = () => {
  for (const [path, content] of Object.entries(modelFiles)) {
    expect(readFileSync(join(folder, path)).equals(content), path).toBe(true)
  }
  expect(readdirSync(folder, { recursive: true }).sort()).toEqual(
    ['card.json', 'onnx', ...Object.keys(modelFiles)].sort(),
  )
}

/** What the hub serves from now on for the weights, listed or not. */
function replaceWeights({ listing }: { readonly listing: boolean }): void {
  const weights = Buffer.alloc(80_000, 'other')
  hub.fault = ({ path, serve }) =>
    serve(path === 'onnx/weights.bin' ? { content: weights, etag: '"other"' } : {})
  if (!listing) return
  hub.listing = hub.listing.map((entry) =>
    entry['path'] === 'onnx/weights.bin'
      ? { ...entry, lfs: { oid: sha256Of(weights), size: weights.length } }
      : entry,
  )
}

describe('pullModel', () => {
  it('fetches, verifies, pins, and makes a model that can be named and opened', async () => {
    const pulled = await pull(openCard())
    expectWhole()
    expect(pulled).toMatchObject({ id: 'test/model', folder })
    expect(pulled.files.map(({ fetched }) => fetched)).toEqual([true, true, true])
    expect(fileRequests()[1]?.path).toBe(`/owner/name/resolve/${hub.commit}/onnx/weights.bin`)
    const files = Object.entries(modelFiles).map(([path, content]) => [
      path,
      { bytes: content.length, sha256: sha256Of(content) },
    ])
    expect(lockFile()).toEqual({
      schemaVersion: 1,
      models: {
        'test/model': {
          repository: 'owner/name',
          revision: 'main',
          commit: hub.commit,
          pinned: expect.stringMatching(/Z$/),
          files: Object.fromEntries(files),
        },
      },
    })
    const [model] = await listModels([modelsFolder])
    expect(model?.card).toEqual(openCard())
    const engine = fakeEngine()
    const pins = model?.pins ?? new Map()
    expect((await openEncoder({ folder, engine, pins })).card.id).toBe('test/model')
    expect((await failure(openEncoder({ folder, engine }))).code).toBe('MODEL_NOT_PINNED')
  })

  it('pins nothing where the card tells everything', async () => {
    await pull(closedCard(), { confirmUnpinned: false })
    expectWhole()
    expect(existsSync(join(modelsFolder, 'models.lock.json'))).toBe(false)
    await openEncoder({ folder, engine: fakeEngine() })
  })

  it('fetches nothing twice, and mends what was damaged or lost', async () => {
    await pull(openCard())
    hub.requests.length = 0
    await pull(openCard(), { acceptLicence: false, confirmUnpinned: false })
    expect(fileRequests()).toEqual([])
    writeFileSync(join(folder, 'image.onnx'), Buffer.alloc(120_000))
    rmSync(join(folder, 'config.json'))
    const { files } = await pull(openCard())
    expect(files.map(({ fetched }) => fetched)).toEqual([true, false, true])
    expectWhole()
  })

  it('tells how far it is', async () => {
    const events: Parameters<Progress>[0][] = []
    await pull(openCard(), { progress: (event) => events.push(event) })
    const total = 200_008
    expect(events.every((event) => event.task === 'pull test/model' && event.total === total))
    const done = events.map((event) => event.done)
    expect(done).toEqual(done.toSorted((a, b) => a - b))
    expect(done.at(-1)).toBe(total)
  })

  it('goes on after an interruption where it stopped', async () => {
    const controller = new AbortController()
    hub.faults.push(
      ({ serve }) => serve(),
      ({ response, content, etag }) => {
        response.writeHead(200, { etag, 'content-length': content.length })
        response.write(content.subarray(0, 50_000), () => setTimeout(() => controller.abort(), 50))
      },
    )
    const stopped = pull(openCard(), { signal: controller.signal })
    expect((await failure(stopped)).code).toBe('ABORTED')
    expect(await listModels([modelsFolder])).toEqual([])
    await pull(openCard())
    expectWhole()
    expect(hub.sentBytes).toBe(150_008)
  })

  it('asks the hub again where a storage refuses a signed URL that has expired', async () => {
    const storage = await startHub(modelFiles)
    storage.faults.push(({ response }) => response.writeHead(403).end())
    hub.fault = ({ response, path }) =>
      response.writeHead(302, { location: `${storage.url}/owner/name/resolve/a/${path}?b` }).end()
    await pull(openCard(), { token: 'hf_secret' })
    expectWhole()
    expect(fileRequests()).toHaveLength(4)
    const told = (of: LoopbackHub) => of.requests.map(({ headers }) => headers.authorization)
    expect(new Set(told(storage))).toEqual(new Set([undefined]))
    expect(fileRequests()[0]?.headers.authorization).toBe('Bearer hf_secret')
    await storage.close()
  })

  it('takes the files of a folder of the repository', async () => {
    await hub.close()
    const moved = Object.entries(modelFiles).map(([path, file]) => [`sub/dir/${path}`, file])
    hub = await startHub(Object.fromEntries(moved))
    const repository = { hub: 'huggingface', id: 'owner/name', revision: 'main', folder: 'sub/dir' }
    await pull(openCard({ repository }))
    expectWhole()
  })
})

describe('without consent', () => {
  it('nothing is fetched and nothing written', async () => {
    const licence = await failure(pull(openCard(), { acceptLicence: false }))
    expect(licence).toMatchObject({ code: 'LICENCE_NOT_ACCEPTED', value: 'Apache-2.0' })
    const unpinned = await failure(pull(openCard(), { confirmUnpinned: false }))
    expect(unpinned).toMatchObject({ code: 'MODEL_NOT_PINNED', value: Object.keys(modelFiles) })
    expect(fileRequests()).toEqual([])
    expect(readdirSync(modelsFolder)).toEqual([])
  })
})

describe('a pinned model', () => {
  it('is refused where the hub lists another content, with what to do', async () => {
    await pull(openCard())
    rmSync(folder, { recursive: true })
    replaceWeights({ listing: true })
    const error = await failure(pull(openCard()))
    expect(error).toMatchObject({ code: 'MODEL_HASH_MISMATCH', value: 'onnx/weights.bin' })
    expect(error.remedy).toContain('assay models rm test/model --forget')
    expect(existsSync(folder)).toBe(false)
  })

  it('is refused where the hub serves another content than it lists', async () => {
    await pull(openCard())
    rmSync(folder, { recursive: true })
    replaceWeights({ listing: false })
    expect((await failure(pull(openCard()))).code).toBe('MODEL_HASH_MISMATCH')
    expect(existsSync(join(folder, 'onnx', 'weights.bin'))).toBe(false)
    expect(existsSync(join(folder, 'card.json'))).toBe(false)
  })

  it('stays at its commit where the branch has moved on', async () => {
    await pull(openCard())
    rmSync(folder, { recursive: true })
    const revisions: string[] = []
    hub.api = ({ url = '' }) => Boolean(url.includes('/revision/') && revisions.push(url)) && false
    await pull(openCard())
    expectWhole()
    expect(revisions).toEqual([])
  })

  it('keeps to its small files too, which the hub lists by git ids only', async () => {
    await pull(openCard())
    const lock = lockFile()
    lock.models['test/model'].files['config.json'].sha256 = '0'.repeat(64)
    writeFileSync(join(modelsFolder, 'models.lock.json'), JSON.stringify(lock))
    expect((await failure(pull(openCard()))).code).toBe('MODEL_HASH_MISMATCH')
  })

  it.each([
    ['is no JSON', '{'],
    ['is of another version', '{"schemaVersion": 2, "models": {}}'],
    [
      'names a hash that is none',
      '{"schemaVersion":1,"models":{"a":{"files":{"a":{"sha256":"x"}}}}}',
    ],
    ['has an unknown key', '{"schemaVersion":1,"models":{},"more":1}'],
  ])('is refused where the lock file %s', async (_, text) => {
    writeFileSync(join(modelsFolder, 'models.lock.json'), text)
    expect((await failure(pull(openCard()))).code).toMatch(/MODEL_CARD_INVALID|MALFORMED_JSON/)
    expect(hub.requests).toEqual([])
  })
})

describe('several pulls at once', () => {
  it('fetch once: the others wait and find the files there', async () => {
    const pulls = Array.from({ length: 6 }, () => pull(openCard(), { wait: 20 }))
    const done = await Promise.all(pulls)
    expectWhole()
    expect(fileRequests()).toHaveLength(3)
    const fetched = done.flatMap(({ files }) => files.filter((file) => file.fetched))
    expect(fetched).toHaveLength(3)
    expect(readdirSync(modelsFolder).sort()).toEqual(['models.lock.json', 'test--model'])
  })

  it('of which one planned before another pinned other contents keep to the pins', async () => {
    const card = openCard()
    const early = await planPull({ card, modelsFolder, hub: hub.url, ...quick })
    replaceWeights({ listing: true })
    await pull(card)
    expect((await failure(pullModel(early, agreed))).code).toBe('MODEL_HASH_MISMATCH')
    const weights = readFileSync(join(folder, 'onnx', 'weights.bin'))
    expect(lockFile().models['test/model'].files['onnx/weights.bin'].sha256).toBe(sha256Of(weights))
  })

  it('are told who pulls where they do not wait', async () => {
    const lock = await acquireLock(join(modelsFolder, '.test--model.lock'))
    expect(await failure(pull(openCard()))).toMatchObject({ code: 'LOCKED', value: process.pid })
    lock.release()
  })
})

describe('offline', () => {
  it('a model that is here is verified and nobody asked', async () => {
    await pull(openCard())
    await hub.close()
    const { files } = await pull(openCard(), { offline: true })
    expect(files.every(({ fetched }) => !fetched)).toBe(true)
    writeFileSync(join(folder, 'image.onnx'), Buffer.alloc(120_000))
    const error = await failure(pull(openCard(), { offline: true }))
    expect(error).toMatchObject({ code: 'MODEL_HASH_MISMATCH' })
    hub = await startHub({})
  })
})

describe('a folder', () => {
  it('that belongs to another model is left alone', async () => {
    mkdirSync(folder)
    writeFileSync(join(folder, 'card.json'), JSON.stringify({ ...closedCard(), id: 'test--model' }))
    expect((await failure(pull(openCard()))).code).toBe('DUPLICATE_ID')
    expect(readdirSync(folder)).toEqual(['card.json'])
  })

  it('that cannot hold the model is told of before anything is fetched', async () => {
    hub.listing = hub.listing.map((entry) =>
      entry['path'] === 'image.onnx'
        ? { ...entry, lfs: { oid: '1'.repeat(64), size: Number.MAX_SAFE_INTEGER } }
        : entry,
    )
    const error = await failure(pull(openCard()))
    expect(error).toMatchObject({ code: 'FILE_WRITE_FAILED' })
    expect(error.remedy).toContain('Free space')
    expect(fileRequests()).toEqual([])
  })

  it('that is a file is told of', async () => {
    writeFileSync(folder, '')
    const error = await failure(pull(openCard()))
    expect(error).toMatchObject({ code: 'FILE_WRITE_FAILED', location: { file: folder } })
  })
})
