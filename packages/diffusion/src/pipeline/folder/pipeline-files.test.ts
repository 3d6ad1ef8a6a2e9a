import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '@assay/store'
import { afterAll, describe, expect, it } from 'vitest'
import { draw, metadata, pipelineKit, thrown } from '../__fixtures__/pipeline-kit.js'
import { stableDiffusion15 } from '../__fixtures__/tiny-pipelines.js'
import { openPipeline } from '../open-pipeline.js'

const { engine, written, open, close } = pipelineKit()
afterAll(close)

describe('the files of a pipeline', () => {
  const expectedOf = (folder: string, paths: readonly string[]) =>
    paths.map((path) => {
      const content = readFileSync(join(folder, path))
      return { path, bytes: content.length, sha256: sha256(content) }
    })
  const paths = Object.keys(stableDiffusion15())

  it('are those that the caller expects', async () => {
    const folder = written(stableDiffusion15())
    const files = expectedOf(folder, paths)
    expect(await draw(await open({ folder, files }))).toHaveLength(2)
  })

  it.each(['unet/model.onnx', 'tokenizer/merges.txt', 'scheduler/scheduler_config.json'])(
    'are refused after one byte of %s was changed',
    async (path) => {
      const folder = written(stableDiffusion15())
      const files = expectedOf(folder, paths)
      const content = readFileSync(join(folder, path))
      content[content.length - 2] = (content[content.length - 2] ?? 0) ^ 1
      writeFileSync(join(folder, path), content)
      const error = await thrown(() => open({ folder, files }))
      expect(error.code).toBe('MODEL_HASH_MISMATCH')
      expect(error.location.file).toContain(path)
    },
  )

  it('are all expected ones: data beside a graph that nobody named are refused', async () => {
    const folder = written(stableDiffusion15())
    const files = expectedOf(folder, paths)
    writeFileSync(join(folder, 'unet', 'model.onnx_data'), 'weights')
    const error = await thrown(() => open({ folder, files }))
    expect([error.code, error.value]).toEqual(['MODEL_NOT_PINNED', 'unet/model.onnx_data'])
  })

  it("are those of the folder's own card where it has one", async () => {
    const folder = written(stableDiffusion15())
    const card = {
      ...{
        schemaVersion: 1,
        kind: 'pipeline',
        id: 'test/tiny',
        title: 'Tiny',
        description: 'For a test.',
      },
      ...{ licence: 'Apache-2.0', commercialUse: true, source: 'this test', attribution: null },
      ...{ files: expectedOf(folder, paths), defaults: { steps: 2, guidanceScale: 1.5 } },
      ...{ sheet: null, quality: [] },
    }
    writeFileSync(join(folder, 'pipeline-card.json'), JSON.stringify(card))
    const pipeline = await openPipeline({ folder, engine })
    expect([pipeline.id, pipeline.card?.title]).toEqual(['test/tiny', 'Tiny'])
    expect(metadata(await draw(pipeline))).toMatchObject({ steps: 2, guidanceScale: 1.5 })
    writeFileSync(join(folder, 'unet/config.json'), '{"in_channels": 4}')
    expect((await thrown(() => openPipeline({ folder, engine }))).code).toBe('MODEL_HASH_MISMATCH')
    writeFileSync(join(folder, 'pipeline-card.json'), JSON.stringify({ ...card, extra: 1 }))
    expect((await thrown(() => openPipeline({ folder, engine }))).code).toBe('MODEL_INCOMPATIBLE')
  })
})
