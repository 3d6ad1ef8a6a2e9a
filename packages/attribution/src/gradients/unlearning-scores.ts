import { AssayError } from '@assay/core'
import { joinViews, type ViewsRule } from './join-views.js'

/** The loss of every training picture under one state of a model. */
export interface LossRun {
  /** One a training picture. */
  readonly losses: ArrayLike<number>
  /** The same of the mirrored pictures. Default: none were computed. */
  readonly mirrored?: ArrayLike<number>
  /** Seed of the noise that was added; null where it is not known. */
  readonly noiseSeed: number | string | null
  /** Pictures a batch, on which the noise depends too; null where it is not known. */
  readonly batchSize: number | null
  /** Timesteps that were averaged over; null where it is not known. */
  readonly timesteps: number | null
}

/** Two runs, and how views are joined. */
export interface UnlearningScoresOptions {
  /** Before the query was unlearned. */
  readonly before: LossRun
  /** After it. */
  readonly after: LossRun
  /** Which of the scores of a picture and its mirror image counts. Default: `max`. */
  readonly views?: ViewsRule
  /** Ids of the training pictures, for messages. Default: null, their numbers. */
  readonly ids?: readonly string[] | null
}

/** Scores by unlearning. */
export interface UnlearningScores {
  /** One a training picture; the larger, the more the picture and the query depend on each other. */
  readonly scores: Float64Array
  /** Settings of the noise that are not known of both runs, so that their equality is not checked. */
  readonly unchecked: readonly NoiseSetting[]
}

type NoiseSetting = 'noiseSeed' | 'batchSize' | 'timesteps'
const noiseSettings: readonly NoiseSetting[] = ['noiseSeed', 'batchSize', 'timesteps']

/**
 * Attribution by unlearning: τ(i) = L(zᵢ, θ′) − L(zᵢ, θ), how much worse a model that has unlearned the
 * query does on each training picture; of a picture and its mirror image the larger counts (Wang et al.
 * 2024, "Data attribution for text-to-image models by unlearning synthesized images", section 3). Both runs must have had the same noise: else the difference is that of the noise.
 *
 * @throws AssayError `RUN_MISMATCH` (another noise seed, batch size or number of timesteps, or mirrored
 *   losses in one run only), `SHAPE_MISMATCH`, `EMPTY_INPUT`, `NOT_FINITE` with row and id
 */
export function unlearningScores(options: UnlearningScoresOptions): UnlearningScores {
  const { before, after, views = 'max', ids = null } = options
  const unchecked = noiseSettings.filter((setting) => !assertSame(before, after, setting))
  const scores = differences(before.losses, after.losses, ids)
  if (Boolean(before.mirrored) !== Boolean(after.mirrored)) {
    throw unlike('Only one of the two runs has losses of mirrored pictures.', null)
  }
  if (!before.mirrored || !after.mirrored) return { scores, unchecked }
  const mirrored = differences(before.mirrored, after.mirrored, ids)
  return { scores: joinViews([scores, mirrored], views), unchecked }
}

/** Whether both runs are known to agree. */
function assertSame(before: LossRun, after: LossRun, setting: NoiseSetting): boolean {
  const [a, b] = [before[setting], after[setting]]
  if (a === null || b === null) return false
  if (a === b) return true
  throw unlike(`${setting} was ${JSON.stringify(a)} before and ${JSON.stringify(b)} after.`, [a, b])
}

const unlike = (message: string, value: unknown) =>
  new AssayError({
    code: 'RUN_MISMATCH',
    message,
    value,
    remedy: 'Compute both losses with the same noise: seed, batch size, timesteps and views.',
  })

function differences(
  before: ArrayLike<number>,
  after: ArrayLike<number>,
  ids: readonly string[] | null,
): Float64Array {
  assertCount(before.length, after.length)
  if (ids) assertCount(before.length, ids.length)
  return Float64Array.from(before, (loss, row) => {
    const difference = after[row]! - loss
    if (!Number.isFinite(difference)) throw notFinite(row, ids, [loss, after[row]])
    return difference
  })
}

function notFinite(
  row: number,
  ids: readonly string[] | null,
  losses: readonly unknown[],
): AssayError {
  const id = ids?.[row] ?? String(row)
  return new AssayError({
    code: 'NOT_FINITE',
    message: `The losses of ${JSON.stringify(id)} are ${losses.join(' before and ')} after.`,
    value: losses,
    remedy: 'Compute them again in float32, or leave this picture out and count it as missing.',
    location: { row, id },
  })
}

function assertCount(one: number, other: number): void {
  if (one > 0 && one === other) return
  throw new AssayError({
    code: one === 0 ? 'EMPTY_INPUT' : 'SHAPE_MISMATCH',
    message:
      one === 0 ? 'There are no losses.' : `There are ${one} losses and ${other} of the others.`,
    value: [one, other],
    remedy: 'Give one loss a training picture, in the same order in both runs and views.',
  })
}
