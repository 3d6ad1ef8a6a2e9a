import { describe, expect, it } from 'vitest'
import type {
  GeneratedImage,
  GenerationRequest,
  ImageGenerator,
} from '../../contracts/image-generator.js'
import { AssayError } from '../../errors/assay-error.js'
import { honestGenerator } from './__fixtures__/honest-generator.js'
import { checkGenerator, generatorConformance } from './generator-conformance.js'
import type { Picture } from './generator-subject.js'

const subject = { generator: honestGenerator, rejected: ['forbidden'] }

describe('an honest generator', () => {
  for (const { name, run } of generatorConformance(subject)) it(name, run)

  it('passes as a whole, also without rejected prompts', async () => {
    await checkGenerator(subject)
    await checkGenerator({ generator: honestGenerator })
  })
})

type Generate = ImageGenerator['generate']
type Break = Partial<ImageGenerator>

/** Every request changed before the honest generator sees it. */
const asking = (change: (request: GenerationRequest) => Partial<GenerationRequest>): Break => ({
  generate: (request) => honestGenerator.generate({ ...request, ...change(request) }),
})

/** Every outcome changed on its way out; null leaves it out. */
const giving = (
  change: (outcome: GeneratedImage, request: GenerationRequest) => GeneratedImage | null,
): Break => ({
  async *generate(request) {
    for await (const outcome of honestGenerator.generate(request)) {
      const changed = change(outcome, request)
      if (changed !== null) yield changed
    }
  },
})

/** Every picture changed. */
const drawing = (change: (picture: Picture, request: GenerationRequest) => GeneratedImage): Break =>
  giving((outcome, request) => (outcome.outcome === 'image' ? change(outcome, request) : outcome))

/** The levels of every picture changed. */
const painting = (change: (picture: Picture, request: GenerationRequest) => Uint8Array): Break =>
  drawing((picture, request) => ({
    ...picture,
    image: { ...picture.image, data: change(picture, request) },
  }))

/** The seeds of outcomes changed. */
const numbering = (change: (seed: number, request: GenerationRequest) => number): Break =>
  giving((outcome, request) => ({ ...outcome, seed: change(outcome.seed, request) }))

/** Pictures of the seeds that a change gives, under the names of those that were asked for. */
const seeding = (change: (seed: number) => number): Break => ({
  async *generate(request) {
    const { hook: _, progress: __, ...quiet } = request
    for await (const { seed } of honestGenerator.generate(request)) {
      const other = { ...quiet, seed: change(seed), count: 1 }
      for await (const outcome of honestGenerator.generate(other)) yield { ...outcome, seed }
    }
  },
})

/** Refusals with one of these codes turned into something else. */
const rather = (
  code: string,
  instead: (request: GenerationRequest) => Generate | Error,
): Break => ({
  async *generate(request) {
    try {
      yield* honestGenerator.generate(request)
    } catch (error) {
      if (!AssayError.isInstance(error) || error.code !== code) throw error
      const other = instead(request)
      if (other instanceof Error) throw other
      yield* other(request)
    }
  },
})

async function* nothing(): AsyncGenerator<GeneratedImage> {}

/** Takes what it cannot know for its own usual value. */
const ignoring = (wish: keyof GenerationRequest): Break =>
  asking((request) => {
    const value = request[wish]
    return typeof value === 'number' && !Number.isSafeInteger(value - 1) ? { [wish]: 1 } : {}
  })

const plainError = () => new RangeError('no')

/** A generator that is of no use after an outcome of one kind. */
function breaking(when: (error: unknown, ended: boolean) => boolean): Break {
  let isBroken = false
  return {
    async *generate(request) {
      if (isBroken) throw plainError()
      let error: unknown
      let ended = false
      try {
        yield* honestGenerator.generate(request)
        ended = true
      } catch (caught) {
        error = caught
        throw caught
      } finally {
        isBroken = when(error, ended)
      }
    },
  }
}

const failing = (code: string) =>
  breaking((error) => AssayError.isInstance(error) && error.code === code)

/** Progress as the honest generator tells it, changed. */
const telling = (
  change: (event: { task: string; done: number; total: number | null }) => {
    task: string
    done: number
    total: number | null
  },
): Break =>
  asking(({ progress }) => (progress ? { progress: (event) => progress(change(event)) } : {}))

const scratch = new Uint8Array(48)
const remembered = new Map<string, Picture>()
let calls = 0
let under = 0

const breaks: Record<string, readonly [demand: string, change: Break]> = {
  'a specification of the future': ['says what it is', { specificationVersion: 2 as 1 }],
  'an empty id': ['says what it is', { id: ' ' }],
  'an empty fingerprint': ['says what it is', { fingerprint: '' }],
  'a lost picture': [
    'one outcome for each seed',
    giving((outcome) => (outcome.seed === 9 ? null : outcome)),
  ],
  'one picture too many': [
    'one outcome for each seed',
    asking(({ count }) => ({ count: count + 1 })),
  ],
  'the first seed for all': ['one outcome for each seed', numbering((_, { seed }) => seed)],
  'seeds from 0': ['one outcome for each seed', numbering((seed, request) => seed - request.seed)],
  'an empty picture': [
    'whole pictures',
    drawing((picture) => ({ ...picture, image: { width: 0, height: 0, data: new Uint8Array(0) } })),
  ],
  'a picture that is cut off': ['whole pictures', painting(({ image }) => image.data.slice(3))],
  'a picture with alpha': ['whole pictures', painting(() => new Uint8Array(64))],
  'levels that are no bytes': [
    'whole pictures',
    painting(({ image }) => Float32Array.from(image.data) as unknown as Uint8Array),
  ],
  'an empty file': [
    'whole pictures',
    drawing((picture) => ({
      ...picture,
      file: { bytes: new Uint8Array(0), mediaType: 'image/png' },
    })),
  ],
  'a file of another type': [
    'whole pictures',
    drawing((picture) => ({
      ...picture,
      file: { bytes: new Uint8Array(8), mediaType: 'text/html' },
    })),
  ],
  'a rejection of what can be drawn': [
    'whole pictures',
    giving(({ seed }) => ({ outcome: 'rejected', seed, reason: 'No.' })),
  ],
  'one array for all pictures': [
    'the caller’s own',
    painting(({ image }) => {
      scratch.set(image.data)
      return scratch
    }),
  ],
  'pictures that share their memory': [
    'the caller’s own',
    {
      async *generate(request) {
        const data = new Uint8Array(64)
        for await (const outcome of honestGenerator.generate(request)) {
          if (outcome.outcome === 'rejected') yield outcome
          else yield { ...outcome, image: { ...outcome.image, data: data.subarray(0, 48) } }
        }
      },
    },
  ],
  'a cache that the caller can write to': [
    'the caller’s own',
    drawing((picture, { prompt }) => {
      const key = `${prompt} ${picture.seed}`
      const known = remembered.get(key) ?? picture
      remembered.set(key, known)
      return known
    }),
  ],
  'chance beside the seed': [
    'the same picture for the same seed',
    painting(({ image }) => image.data.map((level) => level + calls++)),
  ],
  'chance in one level': [
    'the same picture for the same seed',
    painting(({ image }) => image.data.with(0, calls++ % 256)),
  ],
  'pictures that depend on the batch': [
    'in any batch',
    painting(({ image }, { count }) => image.data.with(0, count)),
  ],
  'pictures that depend on the place': [
    'in any batch',
    painting(({ image, seed }, request) => image.data.with(0, seed - request.seed)),
  ],
  'a size that depends on the batch': [
    'in any batch',
    asking(({ count }) => (count > 1 ? { width: 2 } : {})),
  ],
  'one picture for all seeds': ['other pictures for other seeds', seeding(() => 1)],
  'pairs of seeds alike': [
    'other pictures for other seeds',
    seeding((seed) => Math.floor(seed / 2)),
  ],
  'seeds of 32 bits': ['other pictures for other seeds', seeding((seed) => seed >>> 0)],
  'one picture for all prompts': [
    'another picture for another prompt',
    asking(({ prompt }) => (prompt === 'forbidden' ? {} : { prompt: 'anything' })),
  ],
  'requests that disturb each other': [
    'side by side',
    {
      async *generate(request) {
        under += 1
        try {
          await new Promise((resolve) => setTimeout(resolve, 2))
          const prompt = under > 1 && request.prompt !== 'forbidden' ? 'both' : request.prompt
          yield* honestGenerator.generate({ ...request, prompt })
        } finally {
          under -= 1
        }
      },
    },
  ],
  'no picture for a count of 0': [
    'a count that cannot be',
    rather('INVALID_ARGUMENT', ({ count }) => (count === 0 ? nothing : plainError())),
  ],
  'a part of a picture': ['a count that cannot be', ignoring('count')],
  'an untyped error': ['a count that cannot be', rather('INVALID_ARGUMENT', plainError)],
  'breaking at a wrong count': ['a count that cannot be', failing('INVALID_ARGUMENT')],
  'seeds that are rounded': ['takes the largest seeds', ignoring('seed')],
  'seeds beyond 2^53': [
    'takes the largest seeds',
    {
      async *generate(request) {
        const { seed, count } = request
        const isSafe = Number.isSafeInteger(seed) && Number.isSafeInteger(seed + count - 1)
        if (!isSafe || Number.isSafeInteger(seed + (count - 1)))
          yield* honestGenerator.generate(request)
        else yield* honestGenerator.generate({ ...request, seed: seed - count })
      },
    },
  ],
  'small seeds only': [
    'takes the largest seeds',
    asking(({ seed }) => (seed > 2 ** 40 ? { count: Number.NaN } : {})),
  ],
  'steps that are put right in silence': ['refuses wishes', ignoring('steps')],
  'a size that is put right in silence': [
    'refuses wishes',
    asking(() => ({ width: 4, height: 4 })),
  ],
  'guidance of NaN': ['refuses wishes', asking(() => ({ guidanceScale: 1 }))],
  'breaking at a wrong wish': ['refuses wishes', failing('NOT_FINITE')],
  'no signal': ['stops when the signal', asking(() => ({ signal: new AbortController().signal }))],
  'an end in silence where the signal is aborted': [
    'stops when the signal',
    rather('ABORTED', () => nothing),
  ],
  'the DOM’s error where the signal is aborted': [
    'stops when the signal',
    rather('ABORTED', () => new DOMException('no', 'AbortError')),
  ],
  'a signal that is asked once': [
    'stops when the signal',
    {
      async *generate({ signal, ...request }) {
        if (signal?.aborted) yield* honestGenerator.generate({ ...request, signal })
        else yield* honestGenerator.generate(request)
      },
    },
  ],
  'pictures that were ready after the signal is aborted': [
    'stops when the signal',
    {
      async *generate(request) {
        const outcomes: GeneratedImage[] = []
        for await (const outcome of honestGenerator.generate(request)) outcomes.push(outcome)
        yield* outcomes
      },
    },
  ],
  'breaking when it is aborted': ['stops when the signal', failing('ABORTED')],
  'breaking when it is left': ['may be left early', breaking((error, ended) => !error && !ended)],
  'progress in silence': ['tells its progress', asking(() => ({ progress: () => {} }))],
  'progress of nothing': ['tells its progress', telling((event) => ({ ...event, task: '' }))],
  'progress that goes back': [
    'tells its progress',
    telling((event) => ({ ...event, done: event.done === 1 ? 3 : 2, total: null })),
  ],
  'progress beyond its end': [
    'tells its progress',
    telling((event) => ({ ...event, done: event.done === 1 ? 3 : 2 })),
  ],
  'progress that does not end': [
    'tells its progress',
    telling((event) => ({ ...event, total: 3 })),
  ],
  'progress with a moving end': [
    'tells its progress',
    telling((event) => ({ ...event, total: event.done })),
  ],
  'a hook that is left out': [
    'shows a hook',
    asking(({ hook }) => (hook ? { hook: async () => undefined } : {})),
  ],
  'a hook that sees half of the calls': [
    'shows a hook',
    asking(({ hook }) =>
      hook ? { hook: (step) => (step.index === 0 ? hook(step) : undefined) } : {},
    ),
  ],
  'a hook that sees another shape': [
    'shows a hook',
    asking(({ hook }) => {
      const flat = { type: 'float32', dims: [1], data: new Float32Array(1) } as const
      return hook ? { hook: (step) => hook({ ...step, prediction: flat }) } : {}
    }),
  ],
  'a hook that sees more pictures': [
    'shows a hook',
    asking(({ hook }) => {
      const two = { type: 'float32', dims: [2, 1], data: new Float32Array(2) } as const
      return hook ? { hook: (step) => hook({ ...step, state: two, prediction: two }) } : {}
    }),
  ],
  'a hook that changes the picture': [
    'shows a hook',
    painting(({ image }, { hook }) => (hook ? image.data.with(0, image.data[0]! ^ 1) : image.data)),
  ],
  'a hook that fails without a code': [
    'shows a hook',
    asking(({ hook }) => {
      if (hook) throw plainError()
      return {}
    }),
  ],
  'a picture of what is rejected': [
    'rejections as outcomes',
    asking(({ prompt }) => (prompt === 'forbidden' ? { prompt: 'a red apple' } : {})),
  ],
  'a rejection without a reason': [
    'rejections as outcomes',
    giving((outcome) => (outcome.outcome === 'rejected' ? { ...outcome, reason: '' } : outcome)),
  ],
  'one rejection for all seeds': [
    'rejections as outcomes',
    giving((outcome) => (outcome.outcome === 'rejected' && outcome.seed === 4 ? null : outcome)),
  ],
  'a rejection that is thrown': [
    'rejections as outcomes',
    giving((outcome) => {
      if (outcome.outcome === 'rejected') throw plainError()
      return outcome
    }),
  ],
}

const failureOf = (options: Parameters<typeof checkGenerator>[0]) =>
  checkGenerator(options).then(
    () => null,
    (error: unknown) => error,
  )

describe('checkGenerator', () => {
  it.each(Object.entries(breaks))('catches %s', async (_, [demand, change]) => {
    const generator = { ...honestGenerator, ...change }
    expect(await failureOf({ ...subject, generator })).toMatchObject({
      code: 'CONFORMANCE_FAILED',
      value: expect.arrayContaining([expect.stringContaining(demand)]),
    })
  })

  it('lets through what a generator does not promise', async () => {
    const wandering = painting(({ image }, { count }) =>
      image.data.map((level) => level ^ (count & 1)),
    )
    const unseeded = painting(({ image }) => image.data.with(0, calls++ % 256))
    const byHeart = seeding((seed) => Math.floor(seed / 2))
    const hookless = asking(({ hook }) => (hook ? { count: 0 } : {}))
    const failures = [
      await failureOf({ generator: { ...honestGenerator, ...wandering }, tolerance: 1 }),
      await failureOf({ generator: { ...honestGenerator, ...unseeded }, seeded: false }),
      await failureOf({ generator: { ...honestGenerator, ...byHeart }, repeats: true }),
      await failureOf({ generator: { ...honestGenerator, ...hookless, fingerprint: null } }),
    ]
    expect(failures).toEqual([null, null, null, null])
  })

  it('still asks a generator that repeats itself for two pictures', async () => {
    const generator = { ...honestGenerator, ...seeding(() => 1) }
    expect(await failureOf({ generator, repeats: true })).toMatchObject({
      value: [expect.stringContaining('other pictures for other seeds')],
    })
  })

  it('holds a generator of small seeds to its own limit', async () => {
    const small = asking(({ seed, count }) => (seed + count - 1 > 1000 ? { count: 0 } : {}))
    const generator = { ...honestGenerator, ...small }
    expect(await failureOf({ generator, largestSeed: 1000, wishes: { steps: 3 } })).toBeNull()
    expect(await failureOf({ generator: honestGenerator, largestSeed: 1000 })).toMatchObject({
      value: [expect.stringContaining('the largest seeds')],
    })
  })
})
