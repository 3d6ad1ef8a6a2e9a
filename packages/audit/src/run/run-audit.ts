import type { Audit, AuditMeta, Progress } from '@assay/core'
import { parseOptions } from '@assay/core/formats'
import { createEngine, type NodeEngine } from '@assay/tensor'
import { builtInAudits } from '../built-in-audits.js'
import { assayConfigSchema, type ResolvedConfig } from '../configuration/assay-config.js'
import type { AuditDocument } from '../document/audit-document.js'
import { openModel } from './open-model.js'
import { runStages } from './run-stages.js'
import { selectAudits } from './select-audits.js'

/** What a run needs to know. */
export interface RunAuditOptions {
  /** An {@link AssayConfig}, unchecked: it may come from a file. */
  readonly config: unknown
  /** Folder that relative paths in the configuration start from. Default: the current folder. */
  readonly baseFolder?: string
  /** Folder of the results; made where it is missing. */
  readonly outFolder: string
  /** Folder of the embedding cache, shared between runs. */
  readonly cacheFolder: string
  /** Model folders that the configuration may name by their card's id. */
  readonly modelFolders: readonly string[]
  /** Audits to choose from. Default: {@link builtInAudits}. */
  readonly audits?: readonly Audit[]
  /** Threads that all computing together keeps busy; changes no result. Default: all cores. */
  readonly threads?: number
  /** Told of every picture embedded and every audit judged. */
  readonly progress?: Progress
  /** Ends the run in order; the same call goes on where it stopped. */
  readonly signal?: AbortSignal
}

/** What a run gives back. */
export interface RunAuditResult {
  readonly document: AuditDocument
  /** Meta of the audits in the document. */
  readonly metas: readonly AuditMeta[]
  /** Whether an audit failed, or more pictures than the configuration tolerates. */
  readonly partial: boolean
}

/**
 * Runs audits over picture sets: collects and hashes the inputs, embeds them through the cache,
 * judges, and writes `audit.json`, `items.jsonl` and `report.html` to the run folder. Issued again
 * after an interruption it goes on where it stopped.
 *
 * @throws AssayError of kind `configuration` or `model`, or `ENGINE_UNAVAILABLE` where the device is not
 *   there, before anything is computed; `LOCKED` while
 *   another process runs in the folder; `ABORTED` after the signal. A picture that fails is a counted
 *   failure in the document, an audit that fails has the status `error`.
 */
export async function runAudit(options: RunAuditOptions): Promise<RunAuditResult> {
  const { threads } = options
  const config = parseOptions(assayConfigSchema, options.config, 'configuration')
  const { device } = config
  const engine = createEngine({ device, ...(threads !== undefined && { threads }) })
  try {
    return await runOn(engine, config, options)
  } finally {
    await engine.close()
  }
}

async function runOn(
  engine: NodeEngine,
  config: ResolvedConfig,
  options: RunAuditOptions,
): Promise<RunAuditResult> {
  const { baseFolder = process.cwd(), outFolder, cacheFolder, modelFolders } = options
  const { progress = () => {}, signal = new AbortController().signal } = options
  const selected = selectAudits(options.audits ?? builtInAudits, config)
  const encoder = await openModel(config.encoder, {
    baseFolder,
    modelFolders,
    engine,
    signal,
    ...(options.threads !== undefined && { threads: options.threads }),
  })
  try {
    const parts = { config, selected, encoder, engine, progress, signal }
    return await runStages({ ...parts, baseFolder, outFolder, cacheFolder })
  } finally {
    await encoder.close()
  }
}
