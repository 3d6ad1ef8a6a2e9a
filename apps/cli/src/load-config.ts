import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AssayError } from '@assay/core'

/** Looked for, in this order, where no configuration is named. */
const defaultNames = ['assay.config.ts', 'assay.config.js', 'assay.config.mjs', 'assay.config.json']

/** A configuration as written, and the folder that its paths start from. */
export interface LoadedConfig {
  readonly config: unknown
  readonly folder: string
}

/**
 * Loads a configuration file; without a name, one of the usual names in the current folder; without
 * any, an empty one.
 *
 * @throws AssayError `CONFIG_MISSING`, `CONFIG_INVALID`
 */
export async function loadConfig(name: string | undefined): Promise<LoadedConfig> {
  const found = name ?? defaultNames.find((candidate) => existsSync(candidate))
  if (found === undefined) return { config: {}, folder: process.cwd() }
  const path = resolve(found)
  if (!existsSync(path)) throw missing(found)
  try {
    return { config: await read(path), folder: dirname(path) }
  } catch (error) {
    throw unreadable(found, error)
  }
}

async function read(path: string): Promise<unknown> {
  if (extname(path) === '.json') return JSON.parse(await readFile(path, 'utf8'))
  const { createJiti } = await import('jiti')
  // A configuration may stand where nothing is installed; `defineConfig` is always there.
  const alias = { '@assay/audit': fileURLToPath(import.meta.resolve('@assay/audit')) }
  return createJiti(import.meta.url, { alias }).import(path, { default: true })
}

function missing(name: string): AssayError {
  return new AssayError({
    code: 'CONFIG_MISSING',
    message: `There is no configuration file ${name}.`,
    value: name,
    remedy: 'Name an existing file, or give the folders by --outputs, --protected and --reference.',
  })
}

function unreadable(name: string, cause: unknown): AssayError {
  return new AssayError({
    code: 'CONFIG_INVALID',
    message: `The configuration ${name} cannot be loaded: ${cause instanceof Error ? cause.message : cause}`,
    value: name,
    remedy: 'Mend the file; it must be JSON, or export the configuration as its default.',
    location: { file: name },
    cause,
  })
}
