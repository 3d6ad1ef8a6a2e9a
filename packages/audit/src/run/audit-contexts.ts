import { type AuditContext, createRandom, type Progress } from '@assay/core'
import type { OpenedEncoder } from '@assay/embed'
import type { NodeEngine } from '@assay/tensor'
import { createExactIndex } from '@assay/vector-index'
import type { ResolvedConfig } from '../configuration/assay-config.js'
import type { CollectedSet } from './collect-inputs.js'
import type { EmbeddedInputs } from './embed-inputs.js'
import type { OptionFile } from './read-option-files.js'

/** Makes the context of each audit; they differ in their random stream only. */
export function auditContexts(parts: {
  readonly config: ResolvedConfig
  readonly inputs: EmbeddedInputs
  readonly encoder: OpenedEncoder
  readonly optionSets: readonly CollectedSet<string>[]
  readonly files: readonly OptionFile[]
  readonly engine: NodeEngine
  readonly progress: Progress
  readonly signal: AbortSignal
}): (auditId: string) => AuditContext {
  const { config, inputs, encoder, engine, progress, signal } = parts
  const random = createRandom(config.seed)
  const files = new Map(parts.files.map(({ path, bytes }) => [path, bytes]))
  const pictureSets = new Map(
    parts.optionSets.map(({ name, content }) => [
      name,
      content.pictures.map(({ source: _, ...item }) => item),
    ]),
  )
  return (auditId) => ({
    inputs: { ...inputs, generator: null, classifier: null, textEncoder: encoder.text },
    nearDuplicateThreshold: encoder.card.nearDuplicate?.threshold ?? null,
    engine,
    files,
    pictureSets,
    createIndex: (vectors, metric) => createExactIndex({ vectors, metric, engine }),
    random: random.fork(auditId),
    progress,
    signal,
  })
}
