import { sharp } from './configured-sharp.js'
import { rulesVersion } from './decoding-rules.js'

/** Names what turns files into pixels; part of every fingerprint. */
export const decoderVersion = `sharp ${sharp.versions.sharp} libvips ${sharp.versions.vips} rules ${rulesVersion}`
