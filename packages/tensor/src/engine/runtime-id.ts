import { createRequire } from 'node:module'

/** Runtime and version, for instance `onnxruntime-node 1.30.0`. */
export function runtimeId(): string {
  const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json')
  return `onnxruntime-node ${(manifest as { version: string }).version}`
}
