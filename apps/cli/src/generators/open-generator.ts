import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { AssayError, closestName } from '@assay/core'
import { tinyDiffusion } from '@assay/tiny-world'
import { builtInGenerators } from './built-in-generators.js'
import type { GeneratorOptions, OpenedGenerator } from './generator-options.js'
import { remoteForms } from './open-remote.js'

/**
 * Opens the generator of a name: one that comes with Assay, a folder in the layout of diffusers, or a
 * service as `openai:MODEL`.
 *
 * @throws AssayError `MODEL_UNKNOWN` with the nearest name, `CONFIG_INVALID` for an option that it cannot
 *   have, and what opening throws
 */
export async function openGenerator(
  name: string,
  options: GeneratorOptions,
): Promise<OpenedGenerator> {
  const [, service, rest] = /^([a-z0-9]+):(.*)$/s.exec(name) ?? []
  const isRemote = service !== undefined && Object.hasOwn(remoteForms, service)
  if (options.workflow !== undefined && service !== 'comfyui') throw senseless('--workflow', name)
  if (isRemote && rest !== undefined) {
    if (options.device !== undefined) throw senseless('--device', name)
    const { openRemote } = await import('./open-remote.js')
    return { generator: await openRemote(service, rest, options), async close() {} }
  }
  if (name === 'assay/composer' || name === 'assay/memoriser') {
    const { openAnalytic } = await import('./open-analytic.js')
    return openAnalytic(name, options)
  }
  const folder = name === 'assay/tiny-diffusion' ? tinyDiffusion : resolve(name)
  if (!existsSync(folder)) throw unknown(name)
  const { openPipelineFolder } = await import('./open-pipeline-folder.js')
  return openPipelineFolder(folder, options)
}

function unknown(name: string): AssayError {
  const ids = builtInGenerators.map(({ id }) => id)
  const forms = Object.values(remoteForms)
  const closest = nearest(name, ids)
  return new AssayError({
    code: 'MODEL_UNKNOWN',
    message: `No generator is called "${name}", and there is no such folder.`,
    value: name,
    remedy: `${closest ? `Did you mean ${closest}? ` : ''}Name one of ${ids.join(', ')}, a folder in the layout of diffusers, or a service: ${forms.join(', ')}.`,
  })
}

/** The name that was meant, also where the part before the slash or after the colon is right or missing. */
function nearest(name: string, ids: readonly string[]): string | null {
  const whole = closestName(name, ids)
  if (whole !== null) return whole
  const short = closestName(
    name.replace(/^.*\//, ''),
    ids.map((id) => id.replace(/^.*\//, '')),
  )
  if (short !== null) return ids.find((id) => id.endsWith(`/${short}`)) ?? null
  const service = closestName(name.replace(/:.*$/s, ''), Object.keys(remoteForms))
  return service === null ? null : (remoteForms[service] ?? null)
}

const senseless = (flag: string, name: string): AssayError =>
  new AssayError({
    code: 'CONFIG_INVALID',
    message: `${flag} says nothing to the generator ${name}.`,
    value: flag,
    remedy: `Leave ${flag} out.`,
  })
