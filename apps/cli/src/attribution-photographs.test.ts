import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeThumbnail } from '@assay/embed'
import { beforeAll, describe, expect, it } from 'vitest'
import { assayData } from './__fixtures__/assay-data.js'
import { temporaryFolder } from './__fixtures__/picture-folder.js'
import { runCli } from './__fixtures__/run-cli.js'

const graph = 'mobilenet_v2_tf2_i8.onnx'
const photographs = assayData('photos')
const model = assayData(`models/${graph}`)

/** The card of MobileNetV2, whose last features before the classes are the embedding. */
async function writeCard(folder: string, source: string): Promise<void> {
  const bytes = await readFile(source)
  await mkdir(folder, { recursive: true })
  await cp(source, join(folder, graph))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const card = {
    ...{ schemaVersion: 1, id: 'test/mobilenet', title: 'MobileNetV2', description: 'For a test.' },
    ...{ licence: 'Apache-2.0', commercialUse: true, source: 'google-coral/test_data' },
    ...{ space: 'test/mobilenet', dimensions: 1280 },
    files: [{ path: graph, bytes: bytes.length, sha256 }],
    image: {
      model: graph,
      input: { name: 'image', type: 'float32', shape: ['batch', 3, 224, 224] },
      output: { name: 'embedding', type: 'float32', shape: ['batch', 1280] },
      preprocessing: {
        ...{ width: 224, height: 224, resize: 'shortest-side-centre-crop', shortestSide: 256 },
        ...{ scaledSide: 'round', interpolation: 'bicubic', background: [255, 255, 255] },
        ...{ scale: 1 / 127.5, mean: [1, 1, 1], std: [1, 1, 1] },
      },
    },
  }
  await writeFile(join(folder, 'card.json'), JSON.stringify(card))
}

describe.skipIf(photographs === null || model === null)('photographs through MobileNetV2', () => {
  let home = ''
  let env: Record<string, string> = {}
  const names: string[] = []
  beforeAll(async () => {
    home = await temporaryFolder()
    env = { ASSAY_CACHE: join(home, 'cache') }
    await writeCard(join(home, 'mobilenet'), model ?? '')
    for (const name of await readdir(photographs ?? '')) {
      if (!name.endsWith('.json')) names.push(name)
    }
    await mkdir(join(home, 'pool'))
    await mkdir(join(home, 'outputs'))
    for (const name of names) {
      const source = join(photographs ?? '', name)
      await cp(source, join(home, 'pool', name))
      // A small WebP stands for what a generator made of the photograph.
      const small = await makeThumbnail(source, { size: 128 })
      await writeFile(join(home, 'outputs', `${name}.webp`), small)
    }
  })

  const assay = (...arguments_: string[]) => runCli(arguments_, { cwd: home, env })

  it('are found by small copies of themselves', async () => {
    const flags = ['--encoder', 'mobilenet', '--out', 'store', '--quiet']
    expect((await assay('attribution', 'index', 'pool', ...flags)).code).toBe(0)
    const { code, stdout } = await assay(
      ...['attribution', 'query', 'store', 'outputs', '--encoder', 'mobilenet'],
      ...['--top', '3', '--quiet', '--json'],
    )
    expect(code).toBe(0)
    const { attributions, poolSize } = JSON.parse(stdout)
    expect(poolSize).toBe(names.length)
    const found = Object.fromEntries(
      attributions.map(({ query, matches }: { query: string; matches: { id: string }[] }) => [
        query,
        matches[0]?.id,
      ]),
    )
    expect(found).toEqual(Object.fromEntries(names.map((name) => [`${name}.webp`, name])))
  })
})
