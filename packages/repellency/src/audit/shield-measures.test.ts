import { expect, it } from 'vitest'
import type { BasePicture, EvidencedRequest } from '../evidence/shield-evidence.js'
import { shieldMeasures } from './shield-measures.js'

const request = (change: Partial<EvidencedRequest> = {}): EvidencedRequest => ({
  ...{ prompt: 'a frog', preset: 'protect', space: 'pixels 8x8', radius: 2, margin: 0 },
  ...{ overcompensation: 1.6, strict: true, references: 3, calls: [], pictures: [], ...change },
})

const picture = (seed: number): EvidencedRequest['pictures'][number] => ({
  ...{ seed, file: `${seed}.png`, outcome: 'image', finishedDistance: null, met: [] },
  ...{ calls: 1, activeCalls: 0, shields: 0, firstActive: null, lastActive: null },
  ...{ nearest: null, nearestAfter: null },
})

const base = (seed: number, finishedDistance: number | null): BasePicture => ({
  ...{ prompt: 'a frog', seed, finishedDistance },
})

function baseInside(
  requests: readonly EvidencedRequest[],
  pictures: readonly BasePicture[],
  level = 0.95,
) {
  const measures = shieldMeasures({
    evidence: {
      ...{ format: 'assay.repellency.evidence', specificationVersion: 1, requests, base: pictures },
      generator: { id: 'a generator', fingerprint: null },
    },
    pictures: requests.flatMap((each) =>
      each.pictures.map((one) => ({ picture: one, request: each })),
    ),
    ...{ untold: [], absent: [], level },
  })
  return measures.find(({ id }) => id === 'base-inside')
}

it('counts pictures without the shield as inside below the radius only, as those with it', () => {
  const pictures = [base(1, 0.5), base(2, 2), base(3, 9), base(4, null)]
  expect(baseInside([request()], pictures)).toMatchObject({ value: 1 / 4, n: 4 })
})

it('compares each with the radius that the picture with the shield had', () => {
  const requests = [
    request({ radius: 1, pictures: [picture(1)] }),
    request({ radius: 3, pictures: [picture(2)] }),
  ]
  const told = baseInside(requests, [base(1, 2), base(2, 2), base(5, 2)])
  expect(told).toMatchObject({ value: 1 / 2, n: 2, missing: 1 })
})

it('tells no share where no finished picture could be compared', () => {
  const told = baseInside([request({ space: 'latent' })], [base(1, null), base(2, null)])
  expect(told).toMatchObject({ value: null, missing: 2, reason: expect.stringMatching(/compared/) })
})
