import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { OpenFeaturesOptions } from '@assay/attribution/node'
import { AssayError } from '@assay/core'
import { wholeNumber } from '../flag-values.js'

/** Flags that tell what a file of features does not say itself. */
export interface SourceFlags {
  readonly columns?: string
  readonly type?: string
  readonly vectors?: string
  readonly ids?: string
  readonly labels?: string
  readonly fields?: string
  readonly mirrored?: string
}

const types = ['float16', 'float32', 'float64'] as const

/**
 * What `openFeatures` is told by flags.
 *
 * @throws AssayError `CONFIG_INVALID`
 */
export function sourceOptions(flags: SourceFlags): OpenFeaturesOptions {
  const { columns, vectors, ids, labels, mirrored } = flags
  const fields = fieldList(flags.fields)
  return {
    ...(columns !== undefined && {
      raw: { columns: wholeNumber('--columns', columns), type: numberType(flags.type) },
    }),
    ...(vectors !== undefined && { parquet: { vectors, ...(ids !== undefined && { ids }) } }),
    ...(labels !== undefined && { labels }),
    ...(fields && { fields }),
    ...(mirrored !== undefined && { mirrored }),
  }
}

/** Names separated by commas. */
export const fieldList = (text: string | undefined): readonly string[] | undefined =>
  text
    ?.split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')

function numberType(name = 'float32') {
  const type = types.find((each) => each === name)
  if (type !== undefined) return type
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `--type ${name} is no type of number.`,
    value: name,
    remedy: `Give one of ${types.join(', ')}.`,
  })
}

/** Whether a path holds features, and not pictures: by what a folder holds, or by the name of a file. */
export async function holdsFeatures(
  path: string,
  { columns, vectors }: SourceFlags,
): Promise<boolean> {
  const isThere = (name: string) =>
    stat(join(path, name)).then(
      () => true,
      () => false,
    )
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
  if (isFolder) return (await isThere('features.safetensors')) || isThere('img_emb')
  const isTold = columns !== undefined || vectors !== undefined
  return isTold || /\.(npy|safetensors|mmap|memmap|bin|f16|f32)$/i.test(path)
}
