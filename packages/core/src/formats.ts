// npy, numpy's file format for one array.

export { type NpyHeader, npyLimits } from './formats/npy-header.js'
export { parseNpy } from './formats/parse-npy.js'
export { parseNpyHeader } from './formats/parse-npy-header.js'
export { writeNpy } from './formats/write-npy.js'
export { writeNpyHeader } from './formats/write-npy-header.js'

// safetensors, a file format for named tensors.

export { parseSafetensors } from './formats/parse-safetensors.js'
export {
  parseSafetensorsHeader,
  safetensorsDataOffset,
} from './formats/parse-safetensors-header.js'
export {
  type SafetensorsEntry,
  type SafetensorsHeader,
  safetensorsLimits,
} from './formats/safetensors-header.js'
export { writeSafetensors } from './formats/write-safetensors.js'

// CSV.

export { CsvParser, type CsvRecord } from './formats/csv-parser.js'

// Parts.

export { decodeFloat16, encodeFloat16 } from './formats/float-16.js'
export { parseJson } from './formats/parse-json.js'

// What users write.
export { type OptionsSchema, parseOptions } from './formats/parse-options.js'
