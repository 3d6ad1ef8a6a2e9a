import { type FileHandle, open } from 'node:fs/promises'
import { AssayError } from '@assay/core'
import { type FileRows, fileWindows } from '../search-task/file-windows.js'
import { memoryWindows, type RowWindows } from '../search-task/row-windows.js'

/** The float32 rows that scores are computed from: in memory, or where they lie in a file. */
export interface RowStore extends RowWindows {
  /** Some rows, one after another: a part of the memory, or a copy from the file. */
  read(start: number, count: number): Promise<Float32Array>
}

/** Rows in memory. */
export function memoryRows(data: Float32Array, columns: number): RowStore {
  return {
    ...memoryWindows(data, columns),
    read: async (start, count) => data.subarray(start * columns, (start + count) * columns),
  }
}

/** Rows in a file. Throws as `fileWindows` does. */
export async function fileRows(source: FileRows): Promise<RowStore> {
  const windows = await fileWindows(source)
  const file = await open(source.path)
  return {
    windows: () => windows.windows(),
    read: (start, count) => readRows(file, source, { start, count }),
    async close() {
      await windows.close()
      await file.close()
    },
  }
}

async function readRows(
  file: FileHandle,
  { path, offset, columns }: FileRows,
  { start, count }: { readonly start: number; readonly count: number },
): Promise<Float32Array> {
  const rows = new Float32Array(count * columns)
  const bytes = new Uint8Array(rows.buffer)
  for (let done = 0; done < bytes.length; ) {
    const position = offset + start * columns * 4 + done
    const { bytesRead } = await file.read(bytes, done, bytes.length - done, position)
    done += bytesRead
    if (bytesRead > 0) continue
    throw new AssayError({
      code: 'FILE_READ_FAILED',
      message: `${path} ends too early.`,
      value: path,
      remedy: 'Leave the file as it is while an index reads from it, or make the index again.',
      location: { file: path },
    })
  }
  return rows
}
