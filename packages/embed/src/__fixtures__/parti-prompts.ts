import { readFileSync } from 'node:fs'
import { assayData } from './assay-data.js'

/** The prompts of PartiPrompts, in their order; null where the test data are absent. */
export function partiPrompts(): string[] | null {
  const path = assayData('prompts/parti-prompts.tsv')
  if (path === null) return null
  const lines = readFileSync(path, 'utf8').split('\n').slice(1)
  return lines.filter((line) => line !== '').map((line) => line.split('\t')[0] ?? '')
}
