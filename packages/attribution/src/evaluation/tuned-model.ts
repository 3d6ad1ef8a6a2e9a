/** Names a row of a feature source: its number, from 0, or its id. */
export type RowName = number | string

/** A model that was customised on exemplars, and the pictures that it drew. */
export interface TunedModel {
  readonly id: string
  /** Its exemplars among the exemplars' features: at least one, each once. */
  readonly exemplars: readonly RowName[]
  /** The pictures that it drew among the queries' features, by the type of their prompt. */
  readonly queries: Readonly<Record<string, readonly RowName[]>>
  /** What it tests, for instance `unseen classes`. Default: `all` */
  readonly split?: string
  /**
   * Models of one cluster are not independent, for instance those of one class. Default: the model's
   * id, so that the pictures of one model are one cluster.
   */
  readonly cluster?: string
}
