import { z } from 'zod'

const fileSchema = z.object({ filename: z.string(), subfolder: z.string(), type: z.string() })

/** A picture file on the server. */
export type OutputFile = z.output<typeof fileSchema>

const entrySchema = z.object({
  outputs: z.record(z.string(), z.object({ images: z.array(fileSchema).nullish() })),
  status: z
    .object({
      status_str: z.string(),
      messages: z.array(z.tuple([z.string(), z.unknown()])).catch([]),
    })
    .nullish(),
})

/** Answer of `/history/{id}`: empty until the workflow is done, and for ids that are not known. */
export const historySchema = z.record(z.string(), entrySchema)

/** What came of a workflow. */
export type HistoryEntry = z.output<typeof entrySchema>

const failureSchema = z.object({
  node_id: z.union([z.string(), z.number()]).nullish(),
  node_type: z.string().nullish(),
  exception_message: z.string().nullish(),
})

/** Why a workflow failed, as words of the server; null where it did not. */
export function failureOf({ status }: HistoryEntry): string | null {
  if (!status || status.status_str === 'success') return null
  const messages = new Map(status.messages)
  if (messages.has('execution_interrupted')) return 'somebody interrupted it'
  const failure = failureSchema.safeParse(messages.get('execution_error')).data
  if (failure === undefined) return `its status is ${status.status_str}`
  const { node_id, node_type, exception_message } = failure
  return `node ${node_id ?? '?'} (${node_type ?? 'of unknown type'}): ${exception_message ?? 'no reason given'}`
}

/**
 * Pictures of a workflow: those of the named node, else those that were saved, else previews. Where
 * pictures are saved, previews show steps on the way.
 */
export function picturesOf({ outputs }: HistoryEntry, node: string | undefined): OutputFile[] {
  if (node !== undefined) return outputs[node]?.images ?? []
  const all = Object.values(outputs).flatMap(({ images }) => images ?? [])
  const saved = all.filter(({ type }) => type === 'output')
  return saved.length > 0 ? saved : all
}
