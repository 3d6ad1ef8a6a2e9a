import type { DecoderFault } from './decoder-protocol.js'

/** A fault inside the decoder, on its way to the process that asked. */
export class ParquetFault extends Error {
  readonly code: DecoderFault['code']
  readonly row: number | undefined

  constructor(code: DecoderFault['code'], message: string, row?: number) {
    super(message)
    this.code = code
    this.row = row
  }
}
