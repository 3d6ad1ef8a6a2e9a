import oracle from './gradient-files.oracle.json' with { type: 'json' }

type Written = (name: string, content: string | Uint8Array) => string

/** Writes the files of other programs whose names begin with a text. */
export function writeForeignFiles(written: Written, prefix = ''): void {
  for (const [name, content] of Object.entries(oracle.files)) {
    if (name.startsWith(prefix)) written(name, Buffer.from(content, 'base64'))
  }
}
