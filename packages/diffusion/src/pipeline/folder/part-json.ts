import { join } from 'node:path'
import { AssayError } from '@assay/core'
import { readJson } from '@assay/store'
import type { z } from 'zod'
import { incompatible, missing } from './model-errors.js'

/** Configurations of models are short; a tokenizer of 256,000 tokens takes some 20 MB. */
const limits = { bytes: 64 * 2 ** 20 }

/** A JSON file of a pipeline, and the form that is needed of it. */
interface PartJson<Schema extends z.ZodType> {
  readonly folder: string
  /** Path from the folder. */
  readonly path: string
  readonly schema: Schema
}

/**
 * The checked value of a JSON file in a model's folder.
 *
 * @throws AssayError `MODEL_FILE_MISSING`; `MODEL_INCOMPATIBLE` where it is no JSON or of another form
 */
export async function partJson<Schema extends z.ZodType>({
  folder,
  path,
  schema,
}: PartJson<Schema>): Promise<z.output<Schema>> {
  const file = join(folder, path)
  const parsed = schema.safeParse(await readPart(file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw incompatible({
    file,
    message: `${file} cannot be followed: ${issue?.path.map(String).join('.')}: ${issue?.message}.`,
    remedy: 'Export the model again, or correct the file.',
    cause: parsed.error,
  })
}

/** The same, or null where there is no such file. */
export async function optionalPartJson<Schema extends z.ZodType>(
  part: PartJson<Schema>,
): Promise<z.output<Schema> | null> {
  try {
    return await partJson(part)
  } catch (error) {
    if (AssayError.isInstance(error) && error.code === 'MODEL_FILE_MISSING') return null
    throw error
  }
}

async function readPart(file: string): Promise<unknown> {
  try {
    return await readJson(file, limits)
  } catch (cause) {
    if (AssayError.isInstance(cause) && cause.code === 'FILE_MISSING') {
      throw missing({
        file,
        message: `There is no ${file}.`,
        remedy: 'Name a folder in the layout of diffusers, with this file in it.',
        cause,
      })
    }
    throw cause
  }
}
