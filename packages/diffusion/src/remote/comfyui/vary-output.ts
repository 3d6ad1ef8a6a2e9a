import { randomUUID } from 'node:crypto'

/**
 * The same workflow, saving its pictures under another name. ComfyUI runs no node again whose inputs are
 * the same, and then may tell of no picture, or of a file that is gone; another name makes it save the
 * same picture anew. Null where no node has a `filename_prefix`.
 */
export function varyOutput(workflow: unknown): unknown {
  const suffix = randomUUID().slice(0, 8)
  let varied = false
  const nodes = Object.entries(asObject(workflow)).map(([id, node]) => {
    const inputs = asObject(asObject(node)['inputs'])
    const prefix = inputs['filename_prefix']
    if (typeof prefix !== 'string') return [id, node]
    varied = true
    const renamed = { ...inputs, filename_prefix: `${prefix}-${suffix}` }
    return [id, { ...asObject(node), inputs: renamed }]
  })
  return varied ? Object.fromEntries(nodes) : null
}

const asObject = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {}
