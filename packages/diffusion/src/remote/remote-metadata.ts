/** What is told of a picture that a service drew. Words of the service stand in it without secrets. */
export type RemoteMetadata = {
  /** Which interface drew it. */
  readonly service: 'openai' | 'automatic1111' | 'comfyui' | 'huggingface'
  /** Model by the service's word, else the one that was asked for, else null. */
  readonly model: string | null
  /** What the service calls the request, for questions to its operator; null where it tells nothing. */
  readonly requestId: string | null
  /**
   * True: the service says that it used this seed. False: it takes none, or says that it used another.
   * Null: it was given the seed and says nothing.
   */
  readonly seedHonoured: boolean | null
  /** Whether the picture has the size that was asked for; null where none was. */
  readonly sizeHonoured: boolean | null
  /** Pictures drawn in one request; some services draw other pictures in other batches. */
  readonly batchSize: number
  /** The prompt that the service put in place of the given one; null where it tells of none. */
  readonly revisedPrompt: string | null
  /** What else the service tells, by its own names. */
  readonly details: Readonly<Record<string, string | number>>
}
