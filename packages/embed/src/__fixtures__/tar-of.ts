/** Name and content of a file, and what it is where it is no file. */
export type TarFile = readonly [
  name: string,
  content: string | Uint8Array,
  type?: 'symlink' | 'link' | 'character-device' | 'fifo',
]

const types = { file: '0', link: '1', symlink: '2', 'character-device': '3', fifo: '6' } as const

const blocks = (bytes: Uint8Array): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)])

function entry(name: string, content: Uint8Array, type: string): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0, 'latin1')
  header.write('0000644', 100)
  header.write(content.length.toString(8).padStart(11, '0'), 124)
  header.write(type, 156)
  header.write('target', 157)
  header.write('ustar\x0000', 257, 'latin1')
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return Buffer.concat([header, blocks(content)])
}

/** A tar archive, POSIX.1 with GNU's long names; it writes any name, however bad. */
export function tarOf(files: readonly TarFile[]): Buffer {
  const entries = files.flatMap(([name, content, type]) => {
    const bytes = Buffer.from(content as string)
    const long = name.length > 100 ? [entry('././@LongLink', Buffer.from(`${name}\0`), 'L')] : []
    return [...long, entry(name.slice(0, 100), bytes, types[type ?? 'file'])]
  })
  return Buffer.concat([...entries, Buffer.alloc(1024)])
}
