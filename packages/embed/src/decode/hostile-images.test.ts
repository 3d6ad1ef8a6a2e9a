import { AssayError } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { assayData } from '../__fixtures__/assay-data.js'
import { tarEntries } from '../__fixtures__/tar-entries.js'
import { decodeImage } from './decode-image.js'

const corpus = assayData('hostile-images/corpus.tar.gz')

/** Decodes one file and says what came of it; anything but pixels or an error of kind image throws. */
async function outcome(name: string, bytes: Uint8Array): Promise<string> {
  const started = performance.now()
  try {
    const { width, height, data } = await decodeImage(bytes, { name })
    expect(data.length, name).toBe(width * height * 3)
    return 'pixels'
  } catch (error) {
    if (!AssayError.isInstance(error) || error.kind !== 'image') throw error
    expect(error.location.file).toBe(name)
    expect(error.message).toContain(name)
    return error.code
  } finally {
    expect(performance.now() - started, name).toBeLessThan(10_000)
  }
}

describe('4,796 hostile pictures', () => {
  it.skipIf(!corpus)('each give pixels or a typed error', { timeout: 120_000 }, async () => {
    const rejections: unknown[] = []
    const onRejection = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', onRejection)
    const queue = tarEntries(corpus ?? '')
    expect(queue).toHaveLength(4796)
    const counts: Record<string, number> = {}
    const drain = async () => {
      for (let entry = queue.pop(); entry; entry = queue.pop()) {
        const result = await outcome(...entry)
        counts[result] = (counts[result] ?? 0) + 1
      }
    }
    await Promise.all([drain(), drain(), drain(), drain()])
    process.off('unhandledRejection', onRejection)
    expect(rejections).toEqual([])
    expect(counts).not.toHaveProperty('IMAGE_TIMEOUT')
    // Both roads are taken, and often.
    expect(counts['pixels']).toBeGreaterThan(400)
    expect(counts['IMAGE_UNSUPPORTED_FORMAT']).toBeGreaterThan(1500)
  })
})
