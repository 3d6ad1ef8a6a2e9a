import { join, relative, resolve } from 'node:path'
import { runAudit } from '@assay/audit'
import { exitCode } from '../exit-code.js'
import { wholeNumber } from '../flag-values.js'
import { interruptSignal } from '../interrupt.js'
import { type LoadedConfig, loadConfig } from '../load-config.js'
import { places } from '../places.js'
import { printJson } from '../print-json.js'
import { progressDisplay } from '../progress-display.js'
import { summary } from '../summary.js'

interface AuditFlags {
  readonly outputs?: string
  readonly protected?: string
  readonly reference?: string
  readonly training?: string
  readonly encoder?: string
  readonly only?: string
  readonly seed?: string
  readonly threads?: string
  readonly device?: string
  readonly out?: string
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `assay audit`: runs the audits and writes audit.json, items.jsonl and report.html. */
export async function auditCommand(name: string | undefined, flags: AuditFlags): Promise<number> {
  const loaded = await loadConfig(name)
  const out = resolve(flags.out ?? 'assay-report')
  const { cache, models } = places()
  const display = await progressDisplay({ quiet: flags.quiet === true })
  const interrupt = interruptSignal()
  try {
    const { document, metas, partial } = await runAudit({
      config: withFlags(loaded, flags),
      baseFolder: loaded.folder,
      outFolder: out,
      cacheFolder: cache,
      modelFolders: models,
      ...(flags.threads !== undefined && { threads: wholeNumber('--threads', flags.threads) }),
      progress: display.progress,
      signal: interrupt.signal,
    })
    display.end()
    if (flags.json) printJson(document)
    else if (!flags.quiet) process.stdout.write(summary(document, metas))
    if (!flags.quiet) process.stderr.write(`Report: ${join(relative('', out), 'report.html')}\n`)
    return partial ? exitCode.partial : exitCode.ok
  } finally {
    display.end()
    interrupt.release()
  }
}

/** The configuration with what the flags say; a folder in a flag starts from the current folder. */
function withFlags({ config, folder }: LoadedConfig, flags: AuditFlags): unknown {
  const fromHere = (path: string) => relative(folder, resolve(path)) || '.'
  const overrides = {
    ...(flags.outputs !== undefined && { outputs: fromHere(flags.outputs) }),
    ...(flags.protected !== undefined && { protected: fromHere(flags.protected) }),
    ...(flags.reference !== undefined && { reference: fromHere(flags.reference) }),
    ...(flags.training !== undefined && { training: fromHere(flags.training) }),
    ...(flags.encoder !== undefined && { encoder: flags.encoder }),
    ...(flags.only !== undefined && { only: flags.only.split(',') }),
    ...(flags.device !== undefined && { device: flags.device }),
    ...(flags.seed !== undefined && { seed: wholeNumber('--seed', flags.seed) }),
  }
  return typeof config === 'object' ? { ...config, ...overrides } : config
}
