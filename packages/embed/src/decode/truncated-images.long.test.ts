import { AssayError, createRandom } from '@assay/core'
import { describe, expect, it } from 'vitest'
import { cutsOf, validPictures } from '../__fixtures__/valid-pictures.js'
import { decodeImage } from './decode-image.js'

describe('each of forty sound files, five of each of eight formats', () => {
  const random = createRandom(32)

  it.each(validPictures)(
    '$format, $name: whole as its format, cut an error',
    async ({ make, isDecoded }) => {
      const file = await make()
      const codeAt = (length: number) =>
        decodeImage(file.subarray(0, length)).then(
          ({ width, height, data }) =>
            data.length === width * height * 3 ? 'pixels' : 'misshapen',
          (error: unknown) => {
            if (AssayError.isInstance(error) && error.kind === 'image') return error.code
            throw error
          },
        )
      expect(await codeAt(file.length)).toBe(isDecoded ? 'pixels' : 'IMAGE_UNSUPPORTED_FORMAT')
      const expected = isDecoded
        ? /^IMAGE_(TRUNCATED|CORRUPT|UNSUPPORTED_FORMAT)$/
        : /^IMAGE_UNSUPPORTED_FORMAT$/
      for (const cut of cutsOf(file.length, random, 500)) {
        expect(await codeAt(cut), `cut at ${cut} of ${file.length}`).toMatch(expected)
      }
    },
  )
})
