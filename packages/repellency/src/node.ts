// References on disk.

export {
  type OpenShieldReferencesOptions,
  openShieldReferences,
  type StoredShieldReferences,
} from './node/open-shield-references.js'
export type { ReferenceSpace } from './node/reference-space.js'
export {
  type WriteShieldReferencesOptions,
  type WrittenShieldReferences,
  writeShieldReferences,
} from './node/write-shield-references.js'
