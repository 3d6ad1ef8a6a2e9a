import type { ModelCard } from '../card/model-card.js'
import type { ExpectedContent } from './transfer/content-hash.js'

/** One file of a plan. */
export interface PlannedFile extends ExpectedContent {
  /** Path in the model's folder. */
  readonly path: string
  readonly bytes: number
  /** SHA-256 by the card, by a pin or by the hub's list; null where only its git id is listed. */
  readonly sha256: string | null
  /** SHA-1 that git gives it, where the hub lists that instead. */
  readonly gitBlob: string | null
  /** Whether the card or an earlier pull says what it must be; else this pull would pin it. */
  readonly pinned: boolean
  /** Bytes that are here, whole or in part, not looked at yet. */
  readonly present: number
}

/** What a pull would do; nothing has been written so far. */
export interface PullPlan {
  readonly card: ModelCard
  /** Folder of all models. */
  readonly modelsFolder: string
  /** Folder of this model. */
  readonly folder: string
  /** Where the files come from; null: the plan was made offline, and nothing may be fetched. */
  readonly source: PullSource | null
  readonly files: readonly PlannedFile[]
  /** Bytes of all files. */
  readonly bytes: number
  /** Bytes that are not here yet. */
  readonly missingBytes: number
}

/** A repository at a commit. */
export interface PullSource {
  readonly hub: string
  readonly repository: string
  readonly revision: string
  readonly commit: string
  /** Folder in the repository that the paths start from, or null. */
  readonly folder: string | null
}

/** Files that nobody has pinned. */
export const unpinnedFiles = ({ files }: PullPlan): readonly string[] =>
  files.filter(({ pinned }) => !pinned).map(({ path }) => path)
