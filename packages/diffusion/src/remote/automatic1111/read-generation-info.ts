import { z } from 'zod'
import { jsonOf } from '../http/read-json.js'

const text = z.string().nullable().catch(null)

/** The part of `info` that is read; servers that speak alike leave out some of it, or all. */
const infoSchema = z.object({
  all_seeds: z.array(z.number()).nullable().catch(null),
  seed: z.number().nullable().catch(null),
  index_of_first_image: z.int().nonnegative().catch(0),
  infotexts: z.array(z.string()).catch([]),
  sd_model_name: text,
  sd_model_hash: text,
  sampler_name: text,
  version: text,
})

/** What a server tells of how it drew. */
export type GenerationInfo = z.output<typeof infoSchema>

/** Reads `info`, which is an object written as JSON within JSON; all is unknown where it is none. */
export function readGenerationInfo(info: string | null | undefined): GenerationInfo {
  const parsed = infoSchema.safeParse(jsonOf(Buffer.from(info ?? '')))
  return parsed.success ? parsed.data : infoSchema.parse({})
}

/** Seed of a picture of the batch by the server's word; null where it says none. */
export const reportedSeed = ({ all_seeds, seed }: GenerationInfo, index: number): number | null =>
  all_seeds?.[index] ?? (index === 0 ? seed : null)
