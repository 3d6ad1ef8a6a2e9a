import type { DenoisingStep } from '../../contracts/denoising-hook.js'
import type { GenerationRequest } from '../../contracts/image-generator.js'
import type { ProgressEvent } from '../../contracts/progress.js'
import { AssayError } from '../../errors/assay-error.js'
import { expectCode, expectSame, expectThat } from '../expectations.js'
import {
  expectAlike,
  type GenerationWishes,
  type GeneratorSubject,
  outcomesOf,
  type Picture,
  pictureFor,
  picturesOf,
  requestOf,
} from './generator-subject.js'

export async function checkCounts(subject: GeneratorSubject): Promise<void> {
  for (const count of [0, -1, 1.5, Number.NaN]) {
    await expectCode(
      () => outcomesOf(subject, { count }),
      ['INVALID_ARGUMENT'],
      `A count of ${count}`,
    )
  }
  await pictureFor(subject)
}

export async function checkSeedRange(subject: GeneratorSubject): Promise<void> {
  const { largestSeed } = subject
  const drawn = await picturesOf(subject, { count: 2, seed: largestSeed - 1 })
  expectSame(
    drawn.map(({ seed }) => seed),
    [largestSeed - 1, largestSeed],
    'The list of the largest seeds',
  )
  // From 2^53 on, sums of whole numbers are rounded: a check that adds in the wrong order lets this pass.
  for (const [seed, count] of [
    [largestSeed, 2],
    [0.5, 1],
    [Number.NaN, 1],
  ] as const) {
    const asked = `A request for ${count} pictures from seed ${seed}`
    await expectCode(() => outcomesOf(subject, { seed, count }), ['INVALID_ARGUMENT'], asked)
  }
}

const impossible: readonly GenerationWishes[] = [
  ...[0, -1, 1.5, Number.NaN].map((steps) => ({ steps })),
  ...[0, 1.5].map((side) => ({ width: side, height: side })),
  { guidanceScale: Number.NaN },
]

export async function checkWishes(subject: GeneratorSubject): Promise<void> {
  for (const wishes of impossible) {
    const asked = Object.entries(wishes).map(([wish, value]) => `${wish} ${value}`)
    const codes = ['INVALID_ARGUMENT', 'NOT_FINITE'] as const
    await expectCode(() => outcomesOf(subject, wishes), codes, `A request with ${asked.join(', ')}`)
  }
  await pictureFor(subject)
}

export async function checkAbort(subject: GeneratorSubject): Promise<void> {
  const before = { signal: AbortSignal.abort() }
  await expectCode(
    () => outcomesOf(subject, before),
    ['ABORTED'],
    'A request that was aborted before',
  )
  const during = begin(subject)
  const first = during.next()
  during.abort()
  // A picture that was finished at once may still come, but none after it.
  const rest = () => first.then(during.next)
  await expectCode(rest, ['ABORTED'], 'A request that is aborted while a picture is drawn')
  const between = begin(subject)
  await between.next()
  between.abort()
  await expectCode(between.next, ['ABORTED'], 'A request that is aborted between two pictures')
  await pictureFor(subject)
}

/** A request for three pictures that has been made and can be aborted. */
function begin(subject: GeneratorSubject) {
  const controller = new AbortController()
  const request = requestOf(subject, { count: 3, signal: controller.signal })
  const iterator = subject.generator.generate(request)[Symbol.asyncIterator]()
  return { next: () => iterator.next(), abort: () => controller.abort() }
}

export async function checkLeaving(subject: GeneratorSubject): Promise<void> {
  for await (const _ of subject.generator.generate(requestOf(subject, { count: 3 }))) break
  const pictures = await picturesOf(subject, { count: 3 })
  expectSame(pictures.length, 3, 'The number of pictures after a request that was left early')
}

export async function checkProgress(subject: GeneratorSubject): Promise<void> {
  const events: ProgressEvent[] = []
  await outcomesOf(subject, { count: 2, progress: (event) => events.push(event) })
  expectThat(events.length > 0, 'No progress is told.')
  const last = events.at(-1) as ProgressEvent
  expectThat(
    last.total === null || last.done === last.total,
    `It ends at ${last.done} of ${last.total}.`,
  )
  for (const [at, { task, done, total }] of events.entries()) {
    expectThat(task.trim() !== '', 'The task of its progress must not be empty.')
    expectSame(total, last.total, 'The total of its progress')
    const [least, most] = [events[at - 1]?.done ?? 0, total ?? Number.POSITIVE_INFINITY]
    expectThat(
      done >= least && done <= most,
      `Its progress goes from ${least} to ${done} of ${total}.`,
    )
  }
}

export async function checkHook(subject: GeneratorSubject): Promise<void> {
  const seen: DenoisingStep[] = []
  const hook = (step: DenoisingStep) => {
    seen.push(step)
    return undefined
  }
  const hooked = await pictureOrRefusal(subject, { hook })
  if (hooked === null) return
  expectThat(seen.length > 0, 'It takes a hook and shows it nothing.')
  expectSame(
    seen.map(({ index, count }) => [index, count]),
    seen.map((_, index) => [index, seen.length]),
    'The list of model calls and their number',
  )
  for (const { state, prediction } of seen) {
    expectSame(prediction.dims, state.dims, 'The shape of a prediction')
    expectSame(state.dims[0], 1, 'The number of pictures that the hook sees')
  }
  if (subject.seeded)
    expectAlike(hooked, await pictureFor(subject), 0, 'A picture with an idle hook')
}

/** The one picture of a request, or null where the request cannot be met. */
async function pictureOrRefusal(
  subject: GeneratorSubject,
  changes: Partial<GenerationRequest>,
): Promise<Picture | null> {
  try {
    return await pictureFor(subject, changes)
  } catch (error) {
    if (AssayError.isInstance(error) && error.code === 'INVALID_ARGUMENT') return null
    throw error
  }
}
