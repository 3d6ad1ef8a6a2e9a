import { expectSame, expectThat } from '../expectations.js'
import {
  expectAlike,
  type GeneratorSubject,
  largestDifference,
  outcomesOf,
  type Picture,
  pictureFor,
  pictureOf,
  picturesOf,
  requestOf,
} from './generator-subject.js'

export function checkDescription({ generator }: GeneratorSubject): void {
  const { specificationVersion, id, fingerprint } = generator
  expectThat(specificationVersion === 1, 'The specification version must be 1.')
  expectThat(id.trim() !== '', 'The id must not be empty.')
  expectThat(
    fingerprint === null || fingerprint.trim() !== '',
    'The fingerprint must be null or a text.',
  )
}

export async function checkOutcomes(subject: GeneratorSubject): Promise<void> {
  for (const count of [1, 5]) {
    const seeds = (await outcomesOf(subject, { count, seed: 7 })).map(({ seed }) => seed)
    expectSame(seeds, [7, 8, 9, 10, 11].slice(0, count), 'The list of seeds')
  }
}

export async function checkPictures(subject: GeneratorSubject): Promise<void> {
  for (const { image, file } of await picturesOf(subject, { count: 3 })) {
    const { width, height, data } = image
    const isSize = [width, height].every((side) => Number.isSafeInteger(side) && side >= 1)
    expectThat(isSize, `A picture is of ${width} x ${height} pixels.`)
    expectThat(data instanceof Uint8Array, 'The pixels of a picture must be a Uint8Array.')
    expectSame(data.length, 3 * width * height, 'The number of levels of a picture')
    if (file === undefined) continue
    expectThat(file.bytes.length > 0, 'The file of a picture must not be empty.')
    const { mediaType } = file
    expectThat(/^image\/./.test(mediaType), `The file of a picture is of type ${mediaType}.`)
  }
}

export async function checkOwnership(subject: GeneratorSubject): Promise<void> {
  const drawing = subject.generator.generate(requestOf(subject, { count: 2 }))
  const drawn: { readonly picture: Picture; readonly kept: Picture }[] = []
  for await (const outcome of drawing) {
    const picture = pictureOf(outcome)
    drawn.push({ picture, kept: copyOf(picture) })
  }
  const [one, other] = drawn
  expectThat(one !== undefined && other !== undefined, 'A request for two pictures must give two.')
  expectAlike(one.picture, one.kept, 0, 'A picture after the next one is drawn')
  one.picture.image.data.fill(99)
  expectAlike(other.picture, other.kept, 0, 'A picture after another one is overwritten')
  if (!subject.seeded) return
  const again = await pictureFor(subject, { seed: one.picture.seed })
  expectAlike(
    again,
    one.kept,
    subject.tolerance,
    'A picture that is drawn again after it is overwritten',
  )
}

const copyOf = (picture: Picture): Picture => ({
  ...picture,
  image: { ...picture.image, data: picture.image.data.slice() },
})

export async function checkDeterminism(subject: GeneratorSubject): Promise<void> {
  const [one, other] = [
    await picturesOf(subject, { count: 2 }),
    await picturesOf(subject, { count: 2 }),
  ]
  one.forEach((picture, at) => {
    expectAlike(picture, other[at]!, 0, 'A request that is made again')
  })
}

export async function checkBatches(subject: GeneratorSubject): Promise<void> {
  for (const picture of await picturesOf(subject, { count: 3, seed: 4 })) {
    const alone = await pictureFor(subject, { seed: picture.seed })
    expectAlike(
      alone,
      picture,
      subject.tolerance,
      `The picture of seed ${picture.seed} drawn alone`,
    )
  }
}

export async function checkSeeds(subject: GeneratorSubject): Promise<void> {
  const pictures = [...(await picturesOf(subject, { count: 4 }))]
  // A generator that keeps the lowest 32 bits of a seed would draw the first picture again.
  const far = 1 + 2 ** 32
  if (far <= subject.largestSeed) pictures.push(await pictureFor(subject, { seed: far }))
  const pairs = pictures.flatMap((one, at) =>
    pictures.slice(at + 1).map((other) => [one, other] as const),
  )
  const same = pairs.filter(([one, other]) => largestDifference(one, other) === 0)
  const names = same.map(([one, other]) => `${one.seed} and ${other.seed}`).join(', ')
  const most = subject.repeats ? pairs.length - 1 : 0
  expectThat(same.length <= most, `Different seeds draw the same picture: ${names}.`)
}

export async function checkPrompts(subject: GeneratorSubject): Promise<void> {
  const [prompt, another] = subject.prompts
  const [one, other] = [
    await pictureFor(subject, { prompt }),
    await pictureFor(subject, { prompt: another }),
  ]
  expectThat(largestDifference(one, other) > 0, 'Different prompts draw the same picture.')
}

export async function checkConcurrency(subject: GeneratorSubject): Promise<void> {
  const seeds = [1, 5, 9]
  const together = await Promise.all(seeds.map((seed) => pictureFor(subject, { seed })))
  for (const [at, seed] of seeds.entries()) {
    const alone = await pictureFor(subject, { seed })
    expectAlike(together[at]!, alone, subject.tolerance, 'A picture that is drawn beside others')
  }
}

export async function checkRejected(subject: GeneratorSubject): Promise<void> {
  for (const prompt of subject.rejected) {
    const outcomes = await outcomesOf(subject, { prompt, count: 2, seed: 3 })
    expectSame(
      outcomes.map(({ seed }) => seed),
      [3, 4],
      'The list of seeds of a rejected prompt',
    )
    for (const outcome of outcomes) {
      expectThat(
        outcome.outcome === 'rejected',
        `The prompt ${JSON.stringify(prompt)} must be rejected.`,
      )
      expectThat(outcome.reason.trim() !== '', 'A rejection must give its reason.')
    }
  }
  await pictureFor(subject)
}
