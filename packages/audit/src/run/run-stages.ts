import { join } from 'node:path'
import type { Progress } from '@assay/core'
import type { OpenedEncoder } from '@assay/embed'
import { openCache } from '@assay/store'
import type { NodeEngine } from '@assay/tensor'
import type { ResolvedConfig } from '../configuration/assay-config.js'
import type { AuditDocument } from '../document/audit-document.js'
import { auditContexts } from './audit-contexts.js'
import { auditDocumentOf } from './audit-document-of.js'
import {
  type CollectedInputs,
  type CollectedSet,
  collectInputs,
  presentSets,
} from './collect-inputs.js'
import { collectOptionSets } from './collect-option-sets.js'
import { embedInputs } from './embed-inputs.js'
import { judgeAll } from './judge-all.js'
import { type OptionFile, readOptionFiles } from './read-option-files.js'
import type { RunAuditResult } from './run-audit.js'
import { openRunFolder, type RunFolder } from './run-folder.js'
import { type RunPlan, runPlan } from './run-plan.js'
import type { SelectedAudit } from './select-audits.js'
import { toolVersion } from './tool-version.js'
import { writeResults } from './write-results.js'

/** What the stages of a run share. */
interface RunParts {
  readonly config: ResolvedConfig
  readonly selected: readonly SelectedAudit[]
  readonly encoder: OpenedEncoder
  readonly engine: NodeEngine
  readonly baseFolder: string
  readonly outFolder: string
  readonly cacheFolder: string
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** Collect, then, in the locked run folder, embed, judge and write. */
export async function runStages(parts: RunParts): Promise<RunAuditResult> {
  const started = new Date()
  const { config, encoder, selected, baseFolder, signal } = parts
  const files = await readOptionFiles(selected, baseFolder)
  const inputs = await collectInputs(config, { baseFolder, signal })
  const optionSets = await collectOptionSets(selected, { baseFolder, signal })
  const sets = [...presentSets(inputs), ...optionSets]
  const plan = runPlan({ tool: await toolVersion(), config, encoder, sets, files })
  const folder = await openRunFolder(parts.outFolder, plan)
  try {
    return await embedAndJudge(parts, { inputs, optionSets, files, plan, folder, started })
  } finally {
    await folder.close()
  }
}

interface PlannedRun {
  readonly inputs: CollectedInputs
  readonly optionSets: readonly CollectedSet<string>[]
  readonly files: readonly OptionFile[]
  readonly plan: RunPlan
  readonly folder: RunFolder
  readonly started: Date
}

async function embedAndJudge(
  parts: RunParts,
  { inputs, optionSets, files, plan, folder, started }: PlannedRun,
): Promise<RunAuditResult> {
  const { selected, encoder, config } = parts
  const cache = openCache(join(parts.cacheFolder, 'embeddings'))
  const embedded = await embedInputs(inputs, { ...parts, cache })
  const contextOf = auditContexts({ ...parts, inputs: embedded, optionSets, files })
  const results = await judgeAll(selected, contextOf, folder)
  const sets = presentSets(inputs)
  const document = auditDocumentOf({ plan, sets, inputs: embedded, encoder, results, started })
  const metas = selected.map(({ audit }) => audit.meta)
  await writeResults(folder, { document, results, metas, sets, optionSets })
  await folder.finish()
  return { document, metas, partial: isPartial(document, config.tolerance) }
}

/** Whether an audit failed, or a larger share of the pictures of a set than is tolerated. */
function isPartial({ run, audits }: AuditDocument, tolerance: number): boolean {
  const picturesFailed = run.inputs.some(
    ({ items, failures }) => failures.length > tolerance * (items + failures.length),
  )
  return picturesFailed || audits.some(({ status }) => status === 'error')
}
