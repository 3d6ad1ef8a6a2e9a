import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { writeNpyHeader } from '@assay/core/formats'
import { expect, it } from 'vitest'
import { temporaryFiles } from './feature-files.test.helper.js'
import { openFeatures } from './open-features.js'

const { path } = temporaryFiles()

it('reads a file of more than 4 GiB to its last row, in the memory of a block', async () => {
  const [rows, columns] = [2_200_000, 512]
  const header = writeNpyHeader({ type: 'float32', shape: [rows, columns] })
  const file = openSync(path('a.npy'), 'w')
  writeSync(file, header)
  const bytes = header.length + rows * columns * 4
  ftruncateSync(file, bytes)
  writeSync(file, Buffer.from(Float32Array.of(7).buffer), 0, 4, bytes - 4)
  closeSync(file)
  const source = await openFeatures(path('a.npy'))
  let zeroRows = 0
  let last = 0
  let rise = 0
  const before = process.memoryUsage().rss
  for await (const block of source.blocks()) {
    zeroRows += block.zeroRows.length
    last = block.matrix.data.at(-1) ?? 0
    rise = Math.max(rise, process.memoryUsage().rss - before)
  }
  await source.close()
  expect([source.rows, zeroRows, last]).toEqual([rows, rows - 1, 7])
  expect(rise).toBeLessThan(600 * 2 ** 20)
})
