import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  AssayError,
  createMatrix,
  type ImageEncoder,
  type ImageInput,
  itemFailure,
  type RgbImage,
} from '@assay/core'
import { describe, expect, it } from 'vitest'
import { createConceptFilter } from '../filter/create-concept-filter.js'
import { createConceptPair } from '../pairs/create-concept-pair.js'
import { type CheckedPicture, type CheckPicturesOptions, checkPictures } from './check-pictures.js'

const side = (prompt: string, vector: readonly number[]) => ({
  prompts: [prompt],
  embeddings: createMatrix({ data: [vector], fingerprint: 'tones' }),
})

/** Flags what is redder than blue. */
const filter = createConceptFilter({
  pairs: [
    createConceptPair({
      id: 'red',
      unacceptable: side('red', [1, 0, 0]),
      acceptable: side('blue', [0, 0, 1]),
      relation: 'opposite',
    }),
  ],
})

interface TonesEncoder extends ImageEncoder {
  /** Ids of each call. */
  readonly calls: string[][]
  readonly atOnce: { now: number; most: number }
}

/** The mean colour is the embedding. Pictures of no pixel are broken, and later calls end first. */
function tonesEncoder(changes: Partial<ImageEncoder> = {}): TonesEncoder {
  const calls: string[][] = []
  const atOnce = { now: 0, most: 0 }
  const embedImages: ImageEncoder['embedImages'] = async (images) => {
    const call = calls.push(images.map(({ id }) => id))
    atOnce.now += 1
    atOnce.most = Math.max(atOnce.most, atOnce.now)
    for (let turn = 0; turn < 5 - (call % 5); turn += 1) await setImmediate()
    atOnce.now -= 1
    const whole = images.filter(({ source }) => (source as RgbImage).data.length > 0)
    const broken = new AssayError({ code: 'IMAGE_CORRUPT', message: 'Broken.', remedy: '.' })
    return {
      embeddings: createMatrix({
        data: Float32Array.from(
          whole.flatMap(({ source }) => [...(source as RgbImage).data.subarray(0, 3)]),
        ),
        columns: 3,
        ids: whole.map(({ id }) => id),
        fingerprint: 'tones',
      }),
      failures: images
        .filter((image) => !whole.includes(image))
        .map(({ id }) => itemFailure(id, 'decode', broken)),
    }
  }
  const id = 'tones'
  const space = { specificationVersion: 1, id, dimensions: 3, space: id, fingerprint: id } as const
  return { ...space, embedImages, ...changes, calls, atOnce }
}

const picture = (id: string, colour: readonly number[]): ImageInput => ({
  id,
  source: { width: 1, height: 1, data: Uint8Array.from(colour) },
})

const red = [200, 10, 10]
const blue = [10, 10, 200]

async function collect(checked: AsyncIterable<CheckedPicture>): Promise<CheckedPicture[]> {
  const all: CheckedPicture[] = []
  for await (const each of checked) all.push(each)
  return all
}

interface Changes extends Partial<Pick<CheckPicturesOptions, 'batchSize' | 'concurrency'>> {
  readonly encoder?: Partial<ImageEncoder>
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: { readonly code?: string }) => error.code,
  )

describe('checkPictures', () => {
  it('decides on every picture in order, as the filter does on all at once', async () => {
    const pictures = Array.from({ length: 23 }, (_, at) => picture(`${at}`, [at * 9, 1, 100]))
    const encoder = tonesEncoder()
    const { embeddings } = await encoder.embedImages(pictures)
    const checked = await collect(
      checkPictures({ filter, encoder, pictures, batchSize: 4, concurrency: 3 }),
    )
    const decisions = checked.map((each) => each.outcome === 'decided' && each.decision)
    expect(decisions).toEqual(filter.check(embeddings))
    expect(checked.map((each) => each.picture)).toEqual(pictures)
  })

  it('gives failures as values and goes on', async () => {
    const pictures = [
      picture('a', red),
      picture('broken', []),
      picture('black', [0, 0, 0]),
      picture('b', blue),
    ]
    const checked = await collect(checkPictures({ filter, encoder: tonesEncoder(), pictures }))
    const said = checked.map((each) =>
      each.outcome === 'decided'
        ? [each.picture.id, each.decision.flagged]
        : [each.picture.id, each.failure.stage, each.failure.code],
    )
    expect(said).toEqual([
      ['a', true],
      ['broken', 'decode', 'IMAGE_CORRUPT'],
      ['black', 'judge', 'ZERO_VECTOR'],
      ['b', false],
    ])
  })

  it('embeds in batches, as many at once as it may', async () => {
    const pictures = Array.from({ length: 10 }, (_, at) => picture(`${at}`, red))
    const encoder = tonesEncoder()
    await collect(checkPictures({ filter, encoder, pictures, batchSize: 3, concurrency: 2 }))
    expect(encoder.calls.map(({ length }) => length)).toEqual([3, 3, 3, 1])
    expect(encoder.atOnce.most).toBe(2)
  })

  it('takes pictures only as they are needed, and tells how far it is', async () => {
    let taken = 0
    async function* pictures() {
      for (; taken < 1000; ) yield picture(`${taken++}`, blue)
    }
    const told: unknown[] = []
    const checked = checkPictures({
      ...{ filter, encoder: tonesEncoder(), pictures: pictures(), batchSize: 5, concurrency: 2 },
      ...{ total: 1000, progress: (event) => told.push(event) },
    })
    for (let at = 0; at < 100; at += 1) await checked.next()
    await checked.return(undefined)
    expect(taken).toBeLessThanOrEqual(100 + 5 * 3)
    expect(told.at(-1)).toEqual({ task: 'check pictures', done: 100, total: 1000 })
  })

  it('has nothing to say of no pictures', async () => {
    expect(await collect(checkPictures({ filter, encoder: tonesEncoder(), pictures: [] }))).toEqual(
      [],
    )
  })

  it('stops at the signal', async () => {
    const controller = new AbortController()
    const checked = checkPictures({
      ...{ filter, encoder: tonesEncoder(), batchSize: 1, signal: controller.signal },
      pictures: Array.from({ length: 10 }, (_, at) => picture(`${at}`, blue)),
    })
    await checked.next()
    controller.abort()
    expect(await codeOf(collect(checked))).toBe('ABORTED')
  })

  it('throws what the encoder says of a whole batch', async () => {
    const down = new AssayError({ code: 'ENGINE_FAILED', message: 'Down.', remedy: '.' })
    const encoder = tonesEncoder({ embedImages: () => Promise.reject(down) })
    const pictures = Array.from({ length: 100 }, (_, at) => picture(`${at}`, blue))
    expect(await codeOf(collect(checkPictures({ filter, encoder, pictures })))).toBe(
      'ENGINE_FAILED',
    )
  })

  it('refuses an encoder that says nothing of a picture', async () => {
    const silent = tonesEncoder()
    const encoder = tonesEncoder({ embedImages: () => silent.embedImages([]) })
    expect(
      await codeOf(collect(checkPictures({ filter, encoder, pictures: [picture('a', red)] }))),
    ).toBe('CONFORMANCE_FAILED')
  })

  it.each<readonly [string, Changes, string]>([
    ['an encoder of other weights', { encoder: { fingerprint: 'x' } }, 'FINGERPRINT_MISMATCH'],
    ['an encoder of another length', { encoder: { dimensions: 4 } }, 'SHAPE_MISMATCH'],
    ['a batch of nothing', { batchSize: 0 }, 'INVALID_ARGUMENT'],
    ['half a batch at once', { concurrency: 0.5 }, 'INVALID_ARGUMENT'],
  ])('refuses %s before the first picture', (_, changes, code) => {
    const { encoder = {}, ...options } = changes
    const start = () =>
      checkPictures({ filter, encoder: tonesEncoder(encoder), pictures: [], ...options })
    expect(start).toThrow(expect.objectContaining({ code }))
  })

  it('lets go of pictures and decisions as they are taken, all but those of the batches under way', async () => {
    setFlagsFromString('--expose-gc')
    const collectGarbage = runInNewContext('gc') as () => void
    // Counts objects, as bytes also grow by compiled code and by coverage.
    const alive = async (given: readonly WeakRef<object>[]) => {
      await setImmediate() // A reference keeps what it names until the job ends that made it.
      collectGarbage()
      return given.filter((reference) => reference.deref() !== undefined).length
    }
    const drawn: WeakRef<object>[] = []
    const decided: WeakRef<object>[] = []
    function* pictures() {
      for (let at = 0; at < 5000; at += 1) {
        const data = new Uint8Array(64 * 64 * 3)
        data.set(at % 2 ? red : blue)
        drawn.push(new WeakRef(data))
        yield { id: `${at}`, source: { width: 64, height: 64, data } }
      }
    }
    const encoder = tonesEncoder()
    const held: number[] = []
    let flagged = 0
    for await (const each of checkPictures({ filter, encoder, pictures: pictures() })) {
      if (each.outcome !== 'decided') continue
      decided.push(new WeakRef(each.decision))
      if (each.decision.flagged) flagged += 1
      if (decided.length % 1000 === 0) held.push(await alive(drawn), await alive(decided))
    }
    expect(flagged).toBe(2500)
    expect(held).toHaveLength(10)
    // 32 x (2 + 1) are under way. V8 promises no more than to let go some time: up to 195 were seen, and
    // 5,000 where they are kept.
    expect(Math.max(...held)).toBeLessThan(1000)
  })
})
