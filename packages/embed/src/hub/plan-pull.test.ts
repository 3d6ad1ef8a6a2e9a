import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoopbackHub, listed, startHub } from '../__fixtures__/loopback-hub.js'
import { closedCard, modelFiles, openCard, sha256Of } from '../__fixtures__/pullable-model.js'
import type { ModelCard } from '../card/model-card.js'
import { type PlanPullOptions, planPull } from './plan-pull.js'
import { unpinnedFiles } from './pull-plan.js'

let modelsFolder: string
let hub: LoopbackHub
beforeEach(async () => {
  modelsFolder = join(mkdtempSync(join(tmpdir(), 'assay-plan-')), 'models')
  hub = await startHub(modelFiles)
})
afterEach(async () => {
  await hub.close()
  rmSync(join(modelsFolder, '..'), { recursive: true })
})

const plan = (card: ModelCard, options: Partial<PlanPullOptions> = {}) =>
  planPull({ card, modelsFolder, hub: hub.url, retries: 1, backOffSeconds: 0.001, ...options })

const failure = (work: Promise<unknown>): Promise<AssayError> =>
  work.then(
    () => expect.fail('it was let through'),
    (error: unknown) => (AssayError.isInstance(error) ? error : expect.fail(String(error))),
  )

const allBytes = Object.values(modelFiles).reduce((sum, { length }) => sum + length, 0)

describe('planPull', () => {
  it('tells what a pull would do, by the list of a commit, and writes nothing', async () => {
    const planned = await plan(openCard())
    expect(planned).toMatchObject({
      folder: join(modelsFolder, 'test--model'),
      source: { repository: 'owner/name', revision: 'main', commit: hub.commit, folder: null },
      bytes: allBytes,
      missingBytes: allBytes,
    })
    expect(planned.files).toEqual([
      {
        path: 'image.onnx',
        bytes: 120_000,
        sha256: sha256Of(modelFiles['image.onnx'] as Buffer),
        gitBlob: null,
        pinned: false,
        present: 0,
      },
      expect.objectContaining({ path: 'onnx/weights.bin', pinned: false }),
      {
        path: 'config.json',
        bytes: 8,
        sha256: null,
        gitBlob: listed('', modelFiles['config.json'] as Buffer).oid,
        pinned: false,
        present: 0,
      },
    ])
    expect(existsSync(modelsFolder)).toBe(false)
    expect(hub.requests.map(({ path }) => path)).toEqual([
      '/api/models/owner/name/revision/main',
      `/api/models/owner/name/tree/${hub.commit}?recursive=true`,
    ])
  })

  it('needs no confirmation of what the card tells', async () => {
    expect(unpinnedFiles(await plan(closedCard()))).toEqual([])
    const half = await plan(openCard({}, ['image.onnx']))
    expect(unpinnedFiles(half)).toEqual(['onnx/weights.bin', 'config.json'])
  })

  it('counts what is here, whole or in part', async () => {
    const folder = join(modelsFolder, 'test--model')
    mkdirSync(join(folder, 'onnx'), { recursive: true })
    writeFileSync(join(folder, 'config.json'), '{"a": 1}')
    writeFileSync(join(folder, 'image.onnx'), 'of another size')
    writeFileSync(join(folder, 'onnx', 'weights.bin.incomplete'), Buffer.alloc(1000))
    const planned = await plan(openCard())
    expect(planned.files.map(({ present }) => present)).toEqual([0, 1000, 8])
    expect(planned.missingBytes).toBe(allBytes - 1008)
  })

  it('asks for no commit where the card names one, and looks in its folder', async () => {
    const revision = hub.commit
    const repository = { hub: 'huggingface', id: 'owner/name', revision, folder: 'sub' }
    hub.listing = Object.entries(modelFiles).map(([path, file]) => listed(`sub/${path}`, file))
    const planned = await plan(openCard({ repository }))
    expect(planned.source).toMatchObject({ commit: hub.commit, folder: 'sub' })
    expect(hub.requests).toHaveLength(1)
  })

  it('reads a list of several pages, also that of a mirror', async () => {
    const all = hub.listing
    hub.api = ({ url = '' }, response) => {
      if (!url.includes('/tree/')) return false
      const page = Number(new URL(url, hub.url).searchParams.get('cursor') ?? 0)
      const next = `https://huggingface.co/api/models/owner/name/tree/main?cursor=${page + 1}`
      const link = page < 2 ? { link: `<${next}>; rel="next"` } : {}
      response.writeHead(200, link).end(JSON.stringify(all.slice(page, page + 1)))
      return true
    }
    expect((await plan(openCard())).bytes).toBe(allBytes)
    expect(hub.requests).toHaveLength(4)
  })

  it('gives up a list that does not end', async () => {
    hub.api = ({ url = '' }, response) => {
      if (!url.includes('/tree/')) return false
      response.writeHead(200, { link: '<?cursor=1>; rel="next"' }).end('[]')
      return true
    }
    expect((await failure(plan(openCard()))).code).toBe('NETWORK_FAILED')
    expect(hub.requests).toHaveLength(51)
  })

  it('takes a hub under a path, and one that redirects its API', async () => {
    hub.api = ({ url = '' }, response) => {
      if (url.startsWith('/api/')) return false
      const location = url.replace('/mirror/hf', '')
      response.writeHead(307, { location }).end()
      return true
    }
    expect((await plan(openCard(), { hub: `${hub.url}/mirror/hf/` })).bytes).toBe(allBytes)
  })
})

describe('a plan is refused', () => {
  it.each([
    ['another size', { size: 5, lfs: undefined }],
    ['another hash', { lfs: { oid: '0'.repeat(64), size: 120_000 } }],
  ])('where the hub lists %s than the card', async (_, changes) => {
    hub.listing = hub.listing.map((entry) =>
      entry['path'] === 'image.onnx' ? { ...entry, ...changes } : entry,
    )
    const error = await failure(plan(closedCard()))
    expect(error).toMatchObject({ code: 'MODEL_HASH_MISMATCH', value: 'image.onnx' })
    expect(error.message).toContain('Nothing was fetched')
  })

  it('where the hub lacks a file', async () => {
    hub.listing = hub.listing.slice(1)
    expect(await failure(plan(openCard()))).toMatchObject({
      code: 'MODEL_FILE_MISSING',
      value: 'image.onnx',
    })
  })

  it('where the hub does not know the model, or does not let it be read', async () => {
    const repository = { hub: 'huggingface', id: 'owner/other', revision: 'main' }
    expect((await failure(plan(openCard({ repository })))).code).toBe('MODEL_FILE_MISSING')
    hub.api = (_, response) => Boolean(response.writeHead(401).end())
    const denied = await failure(plan(openCard()))
    expect(denied.code).toBe('ACCESS_DENIED')
    expect(denied.remedy).toContain('HF_TOKEN')
  })

  it.each([
    ['no JSON', '<html>Log in, please'],
    ['another form', '{"files": []}'],
    ['a hash that is none', '[{"type":"file","path":"a","size":1,"lfs":{"oid":"../a","size":1}}]'],
    ['a negative size', '[{"type":"file","path":"a","size":-1}]'],
    ['a prototype', '[{"__proto__": {}}]'],
    ['deep nesting', '['.repeat(100_000)],
  ])('where the list is %s', async (_, text) => {
    hub.api = ({ url = '' }, response) => url.includes('/tree/') && Boolean(response.end(text))
    expect((await failure(plan(openCard()))).code).toBe('NETWORK_FAILED')
  })

  it('where the list fills the memory', async () => {
    hub.api = (_, response) => {
      response.writeHead(200)
      const pour = () => {
        while (!response.destroyed && response.write(' '.repeat(2 ** 20))) {}
      }
      response.on('drain', pour)
      pour()
      return true
    }
    expect((await failure(plan(openCard()))).code).toBe('NETWORK_FAILED')
  })

  it('only after other attempts where the list is cut off', async () => {
    let cut = true
    hub.api = (_, response) => {
      const answers = cut
      if (cut) response.writeHead(200, { 'content-length': 50 }).write('{"sha":')
      if (cut) response.socket?.destroySoon()
      cut = false
      return answers
    }
    expect((await plan(openCard())).bytes).toBe(allBytes)
  })

  it('only after other attempts where the hub is busy', async () => {
    let busy = true
    hub.api = (_, response) => {
      const answers = busy && Boolean(response.writeHead(503).end())
      busy = false
      return answers
    }
    expect((await plan(openCard())).bytes).toBe(allBytes)
  })

  it('where nobody publishes the model, with what to do', async () => {
    expect((await failure(plan(openCard({ repository: null })))).code).toBe('MODEL_UNKNOWN')
    const conversion = { recipe: 'export/sscd.py', weights: 'elsewhere', reason: 'unpublished' }
    const error = await failure(plan(openCard({ repository: null, conversion })))
    expect(error.remedy).toContain('models/recipes/export/sscd.py')
  })

  it.each(['../up', '.hidden', 'a/../b', 'a//b', 'a/.b', 'a b', '', 'a\\b', 'a\0'])(
    'where the id makes no folder: "%s"',
    async (id) => {
      const card = { ...openCard(), id }
      expect((await failure(plan(card))).code).toBe('INVALID_ARGUMENT')
    },
  )

  it.each([
    ['that differ in case', ['Model.bin', 'model.bin']],
    ['that differ in normalisation', ['é.bin', 'e\u0301.bin']],
    ['that fold to one', ['straße.bin', 'STRASSE.bin']],
    ['of which one needs a folder', ['a', 'a/b']],
    ['of which one needs a folder in other case', ['A', 'a/b']],
    ['that the store uses', ['card.json']],
    ['that the store uses for parts', ['a.bin', 'a.bin.incomplete']],
  ])('where it has files %s', async (_, paths) => {
    const card = openCard()
    const files = paths.map((path) => ({ path, bytes: null, sha256: null, reason: 'not told' }))
    const error = await failure(plan({ ...card, files: [...card.files, ...files] }))
    expect(error.code).toBe('MODEL_CARD_INVALID')
  })
})

describe('a list with paths that lead out', () => {
  it('changes nothing outside, since only files of the card are fetched', async () => {
    const evil = ['../../evil', '/evil', 'a/../../evil'].map((path) => ({
      ...listed('image.onnx', Buffer.from('evil')),
      path,
    }))
    hub.listing = [...evil, ...hub.listing]
    expect((await plan(openCard())).files).toHaveLength(3)
    expect(readdirSync(join(modelsFolder, '..'))).toEqual([])
  })
})

describe('offline', () => {
  it('asks nobody, and names the files that are missing', async () => {
    const error = await failure(plan(closedCard(), { offline: true }))
    expect(error).toMatchObject({ code: 'MODEL_FILE_MISSING', value: Object.keys(modelFiles) })
    for (const path of Object.keys(modelFiles)) expect(error.message).toContain(path)
    expect((await failure(plan(openCard(), { offline: true }))).code).toBe('MODEL_NOT_PINNED')
    expect(hub.requests).toEqual([])
  })
})
