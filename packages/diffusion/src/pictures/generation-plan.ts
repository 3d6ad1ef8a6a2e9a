import { AssayError, type ImageGenerator } from '@assay/core'
import { sha256 } from '@assay/store'
import { z } from 'zod'
import { type PictureRequest, plainRequest } from './picture-request.js'

/** What a folder of generated pictures is made of: only the same plan is taken up again in it. */
export interface GenerationPlan {
  readonly schemaVersion: 1
  /** SHA-256 over all that follows. */
  readonly id: string
  readonly generator: string
  readonly fingerprint: string | null
  readonly requests: readonly PictureRequest[]
}

/** Pictures of one folder: more belong into several. */
const mostPictures = 1_000_000

/** The form of `generation.json`, as far as it is read again. */
export const storedPlanSchema = z.looseObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  generator: z.string(),
  fingerprint: z.string().nullable(),
  requests: z.array(z.unknown()),
})

/**
 * The plan of drawing requests with a generator.
 *
 * @throws AssayError `EMPTY_INPUT`, `INVALID_ARGUMENT`, `NOT_FINITE`, `LIMIT_EXCEEDED`; `DUPLICATE_ID` where a picture
 *   would be drawn twice
 */
export function generationPlan(
  { id: generator, fingerprint }: ImageGenerator,
  given: readonly PictureRequest[],
): GenerationPlan {
  const requests = given.map(plainRequest)
  if (requests.length === 0) throw nothingAsked()
  const pictures = requests.reduce((sum, { count }) => sum + count, 0)
  if (pictures > mostPictures) throw tooMany(pictures)
  assertDistinct(requests)
  const plan = { generator, fingerprint, requests }
  return { schemaVersion: 1, id: sha256(JSON.stringify(plan)), ...plan }
}

/** Equal prompts and settings with seeds in common would give equal pictures, and pass for copies. */
function assertDistinct(requests: readonly PictureRequest[]): void {
  const drawn = new Map<string, PictureRequest[]>()
  for (const request of requests) {
    const key = JSON.stringify({ ...request, count: 0, seed: 0 })
    const others = drawn.get(key) ?? []
    const { seed, count } = request
    const twice = others.find(
      (other) => seed < other.seed + other.count && other.seed < seed + count,
    )
    if (twice) throw drawnTwice(request, Math.max(seed, twice.seed))
    drawn.set(key, [...others, request])
  }
}

const nothingAsked = () =>
  new AssayError({
    code: 'EMPTY_INPUT',
    message: 'There is no request: nothing to draw.',
    remedy: 'Give at least one prompt.',
  })

const tooMany = (pictures: number) =>
  new AssayError({
    code: 'LIMIT_EXCEEDED',
    message: `${pictures} pictures are more than the ${mostPictures} that a folder may have.`,
    value: pictures,
    remedy: 'Draw into several folders.',
  })

const drawnTwice = ({ prompt }: PictureRequest, seed: number) =>
  new AssayError({
    code: 'DUPLICATE_ID',
    message: `The picture of ${JSON.stringify(prompt)} with seed ${seed} is asked for twice.`,
    value: prompt,
    remedy: 'Ask once for more pictures, or give the second request seeds of its own.',
  })
