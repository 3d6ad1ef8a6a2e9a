import { z } from 'zod'

const file = z.strictObject({
  /** Name in the bank's folder. */
  path: z.string().regex(/^[\w-]+(\.[\w-]+)+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

/** The form of `bank.json`. */
export const pictureBankCardSchema = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string().min(1),
  /** Pictures. */
  count: z.int().min(1).max(1_000_000),
  /** Size of a picture. */
  width: z.int().min(1).max(1024),
  height: z.int().min(1).max(1024),
  /** Tiles a row in the picture of all pictures. */
  columns: z.int().min(1),
  /** Which text was embedded for each picture. */
  captionForm: z.literal('NAME, STYLE'),
  /** A lossless picture of all pictures as tiles, row by row. */
  pictures: file,
  /** One JSON object a line and tile, with `id`, `name`, `style` and `tags`. */
  captions: file,
  /** safetensors: `vectors`, one row a tile; metadata `space`. */
  captionEmbeddings: file.nullable(),
})

/** What `bank.json` says. */
export type PictureBankCard = z.infer<typeof pictureBankCardSchema>

/** The form of a line of the captions; what else it says is for people. */
export const captionLineSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  style: z.string().min(1).optional(),
  tags: z.array(z.string()).default([]),
})
