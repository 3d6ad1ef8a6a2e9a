import {
  type AuditContext,
  type AuditSet,
  createMatrix,
  createRandom,
  type ItemFailure,
} from '@assay/core'
import { bruteForceIndex } from '@assay/core/testing'

/** A picture by its direction in the plane, so that cosines can be worked out by hand. */
export interface PlanePicture {
  readonly id: string
  readonly degrees: number
  readonly prompt?: string | null
}

const unit = (degrees: number): [number, number] => [
  Math.cos((degrees / 180) * Math.PI),
  Math.sin((degrees / 180) * Math.PI),
]

/** A set of pictures in the plane; `prompts` tells the direction of each prompt. */
export function planeSet(
  pictures: readonly PlanePicture[],
  prompts: Readonly<Record<string, number>> = {},
  failures: readonly ItemFailure[] = [],
): AuditSet {
  const promptIds = Object.keys(prompts)
  return {
    items: pictures.map(({ id, prompt = null }) => ({ id, path: id, prompt, metadata: {} })),
    embeddings: createMatrix({
      data: pictures.map(({ degrees }) => unit(degrees)),
      columns: 2,
      ids: pictures.map(({ id }) => id),
      normalized: true,
    }),
    promptEmbeddings:
      promptIds.length === 0
        ? null
        : createMatrix({
            data: promptIds.map((prompt) => unit(prompts[prompt] ?? 0)),
            ids: promptIds,
            normalized: true,
          }),
    truncatedPrompts: [],
    failures,
  }
}

const absentInputs = {
  protected: null,
  reference: null,
  training: null,
  generator: null,
  classifier: null,
  textEncoder: null,
}

/** The context of an audit over such sets, with a brute-force index. */
export function auditContext(
  inputs: Pick<AuditContext['inputs'], 'outputs'> & Partial<AuditContext['inputs']>,
  overrides: Partial<AuditContext> = {},
): AuditContext {
  return {
    inputs: { ...absentInputs, ...inputs },
    nearDuplicateThreshold: null,
    engine: null,
    files: new Map(),
    pictureSets: new Map(),
    createIndex: async (vectors, metric) => bruteForceIndex(vectors, metric),
    random: createRandom(1),
    progress() {},
    signal: new AbortController().signal,
    ...overrides,
  }
}
