import { AssayError, createRandom } from '@assay/core'
import type { RowName, TunedModel } from '../evaluation/tuned-model.js'

/** What to hold out of a training. */
export interface SplitHeldOutOptions {
  readonly models: readonly TunedModel[]
  /** The prompt of a drawn picture; equal prompts of two models are one prompt. */
  readonly promptOf: (query: RowName) => string
  /** Share of models to hold out whole, in [0, 1). Default: 0.1 */
  readonly modelShare?: number
  /** Share of prompts to hold out of the other models, in [0, 1). Default: 0.1 */
  readonly promptShare?: number
  /** Seed of the draw. Default: 0 */
  readonly seed?: number | string
}

/** Models to learn from, and the sets for `HeadValidation`. */
export interface HeldOutSplit {
  readonly training: readonly TunedModel[]
  readonly heldOut: {
    /** Models of the training with pictures of prompts that none of them is learned from. */
    readonly prompts: readonly TunedModel[]
    /** Models, and so exemplars, that are not learned from, with pictures of all prompts. */
    readonly exemplars: readonly TunedModel[]
  }
}

/**
 * Holds out prompts and models. Models of one `cluster`, for instance of one class, stay together. A
 * model all of whose prompts are held out is not learned from.
 *
 * @throws AssayError `INVALID_ARGUMENT` for a share outside [0, 1), `EMPTY_INPUT` where nothing is left to
 *   learn from
 */
export function splitHeldOut(options: SplitHeldOutOptions): HeldOutSplit {
  const { models, promptOf, modelShare = 0.1, promptShare = 0.1, seed = 0 } = options
  const random = createRandom(seed)
  const draw = (what: string, names: ReadonlySet<string>, share: number): ReadonlySet<string> => {
    assertShare(what, share)
    const drawn = random.fork(what).shuffle([...names].sort())
    return new Set(drawn.slice(0, Math.round(names.size * share)))
  }
  const clusterOf = ({ cluster, id }: TunedModel) => cluster ?? id
  const clusters = draw('modelShare', new Set(models.map(clusterOf)), modelShare)
  const kept = models.filter((model) => !clusters.has(clusterOf(model)))
  const all = new Set(kept.flatMap(queriesOf).map(promptOf))
  const prompts = draw('promptShare', all, promptShare)
  const training = withQueries(kept, (query) => !prompts.has(promptOf(query)))
  assertSome(training)
  return {
    training,
    heldOut: {
      prompts: withQueries(kept, (query) => prompts.has(promptOf(query))),
      exemplars: models.filter((model) => clusters.has(clusterOf(model))),
    },
  }
}

const queriesOf = ({ queries }: TunedModel): RowName[] => Object.values(queries).flat()

/** Models with the queries that are wanted, without those that have none. */
function withQueries(
  models: readonly TunedModel[],
  isWanted: (query: RowName) => boolean,
): TunedModel[] {
  return models.flatMap((model) => {
    const queries = Object.entries(model.queries)
      .map(([type, names]) => [type, names.filter(isWanted)] as const)
      .filter(([, names]) => names.length > 0)
    return queries.length > 0 ? [{ ...model, queries: Object.fromEntries(queries) }] : []
  })
}

function assertShare(name: string, share: number): void {
  if (share >= 0 && share < 1) return
  throw new AssayError({
    code: 'INVALID_ARGUMENT',
    message: `${name} cannot be ${share}.`,
    value: share,
    remedy: 'Give a share from 0 up to, not with, 1.',
  })
}

function assertSome(training: readonly TunedModel[]): void {
  if (training.length > 0) return
  throw new AssayError({
    code: 'EMPTY_INPUT',
    message: 'Nothing is left to learn from.',
    value: 0,
    remedy: 'Hold out less, or give more models and prompts.',
  })
}
