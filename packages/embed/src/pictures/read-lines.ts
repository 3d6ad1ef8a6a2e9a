import { createReadStream } from 'node:fs'

/** One line of a text file. */
export interface Line {
  /** Counted from 1. */
  readonly number: number
  /** Bytes without the line feed; null where there were more than the limit. */
  readonly bytes: Buffer | null
}

const lineFeed = 0x0a

/** The lines of a file, each held in memory only as far as the limit. An empty last line is none. */
export async function* readLines(path: string, limit: number): AsyncGenerator<Line> {
  let number = 0
  let pieces: Buffer[] = []
  let length = 0
  const keep = (piece: Buffer) => {
    length += piece.length
    if (length <= limit) pieces.push(piece)
    else pieces = []
  }
  const finish = (): Line => {
    const line = { number: ++number, bytes: length <= limit ? Buffer.concat(pieces) : null }
    pieces = []
    length = 0
    return line
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      keep(chunk.subarray(start, end))
      yield finish()
      start = end + 1
    }
    keep(chunk.subarray(start))
  }
  if (length > 0) yield finish()
}
