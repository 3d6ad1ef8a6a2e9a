import type { ItemFailure } from '../errors/item-failure.js'
import type { Matrix } from '../matrix/matrix.js'
import type { Random } from '../random/random.js'
import type { TextEncoder } from './encoder.js'
import type { Engine } from './engine.js'
import type { ImageClassifier } from './image-classifier.js'
import type { ImageGenerator } from './image-generator.js'
import type { Measure } from './measure.js'
import type { Progress } from './progress.js'
import type { VectorIndex, VectorMetric } from './vector-index.js'

/** What an audit can ask for; the runner provides it or says `notApplicable`. */
export type Need =
  | 'outputs'
  | 'prompts'
  | 'protected-set'
  | 'reference-set'
  | 'training-set'
  | 'text-encoder'
  | 'generator'
  | 'classifier'

/** What one measure means. */
export interface MeasureMeta {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly unit: string
  /** Smallest and largest possible value; null where unbounded. */
  readonly range: readonly [number | null, number | null]
  /** Null where neither direction is better. */
  readonly higherIsBetter: boolean | null
}

/** What an audit asks and how it answers. */
export interface AuditMeta {
  /** Noun in kebab-case, for instance `similarity`. */
  readonly id: string
  /** The user's question, in the user's words. */
  readonly question: string
  /** Headline when all is well, and when it is not. */
  readonly title: string
  readonly failureTitle: string
  /** How the question is answered, in a few sentences. */
  readonly description: string
  readonly references: readonly string[]
  readonly measures: readonly MeasureMeta[]
}

/** One picture of a set under audit. */
export interface AuditItem {
  readonly id: string
  /** Path relative to the set's folder. */
  readonly path: string
  /** What was asked for, or null where the set tells none. */
  readonly prompt: string | null
  /** Everything else that the set's metadata tells, for grouping. */
  readonly metadata: Readonly<Record<string, unknown>>
}

/** A picture set and its embeddings. */
export interface AuditSet {
  /** The pictures that have an embedding, in row order. */
  readonly items: readonly AuditItem[]
  /** One unit row an item. */
  readonly embeddings: Matrix
  /** One unit row a distinct prompt in the same space, the prompt as its id; null without any. */
  readonly promptEmbeddings: Matrix | null
  /** Prompts that were too long for the encoder and were cut. */
  readonly truncatedPrompts: readonly string[]
  /** The pictures that have none, and why. */
  readonly failures: readonly ItemFailure[]
}

/** What the runner hands to an audit. */
export interface AuditContext {
  readonly inputs: {
    readonly outputs: AuditSet
    readonly protected: AuditSet | null
    readonly reference: AuditSet | null
    /** The pictures that the generator was trained on, or a part of them. */
    readonly training: AuditSet | null
    readonly generator: ImageGenerator | null
    readonly classifier: ImageClassifier | null
    /** Embeds text into the space of the sets; null where the encoder reads none. */
    readonly textEncoder: TextEncoder | null
  }
  /** Cosine at which the encoder's card calls two pictures near-duplicates; null where it has none. */
  readonly nearDuplicateThreshold: number | null
  readonly engine: Engine | null
  /** Content of the files that the audit's options name, by {@link Audit.files}. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Pictures of the sets that the audit's options name, by {@link Audit.pictureSets}; those that are there. */
  readonly pictureSets: ReadonlyMap<string, readonly AuditItem[]>
  createIndex(vectors: Matrix, metric: VectorMetric): Promise<VectorIndex>
  /** Seeded by the run and the audit's id: the same in any order of audits. */
  readonly random: Random
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Something a reader should look at, with its evidence. */
export interface Finding {
  readonly id: string
  readonly title: string
  readonly severity: 'high' | 'medium' | 'low' | 'information'
  /** The pictures concerned, as `set/id`, for instance `outputs/a.png`. */
  readonly items: readonly string[]
  /** What each of them is, in their order, for whoever looks at them. Default: its identifier. */
  readonly captions?: readonly string[]
  readonly evidence: Readonly<Record<string, unknown>>
}

/** How a measure changes with something, for instance how many decisions stand against noise of a length. */
export interface AuditCurve {
  readonly id: string
  readonly title: string
  /** What is along the axis, with its unit. */
  readonly axis: string
  /** In order along the axis; each interval holds for its point alone. */
  readonly points: readonly { readonly at: number; readonly measure: Measure }[]
}

/** What an audit says. */
export interface AuditResult {
  readonly id: string
  readonly status: 'passed' | 'failed' | 'undecided' | 'informative' | 'notApplicable' | 'error'
  readonly measures: readonly Measure[]
  /** None where absent. */
  readonly curves?: readonly AuditCurve[]
  /** Worst first. */
  readonly findings: readonly Finding[]
  readonly warnings: readonly {
    readonly code: string
    readonly count: number
    readonly message: string
  }[]
  /** Every per-item score, so that two runs can be compared pair by pair. */
  readonly items: readonly {
    readonly id: string
    readonly scores: Readonly<Record<string, number | string | null>>
  }[]
}

/** One question about a text-to-image system, as a module. */
export interface Audit<Options = unknown> {
  readonly specificationVersion: 1
  readonly meta: AuditMeta
  /** Without these the audit is `notApplicable`. */
  readonly needs: readonly Need[]
  /** Options with their defaults filled in. @throws AssayError `CONFIG_INVALID`, `CONFIG_UNKNOWN_KEY` */
  parseOptions(options: unknown): Options
  /**
   * Files that the options name, as written there; paths start from the configuration's folder. The runner
   * reads them before anything is computed, and their hashes are part of the run's id.
   */
  files?(options: Options): readonly string[]
  /**
   * Picture sets that the options name, to be shown in findings: folders by what items of findings call them,
   * `base` for `base/a.png`. Like `files` they are part of the run's id; nothing of them is embedded.
   */
  pictureSets?(options: Options): Readonly<Record<string, string>>
  run(context: AuditContext, options: Options): Promise<AuditResult>
}
