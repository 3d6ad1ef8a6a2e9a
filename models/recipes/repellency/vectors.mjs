// Pictures as the generators' samplers have them: planes of values in [-1, 1].

/** Of an `RgbImage`. */
export function vectorOf({ data }) {
  const pixels = data.length / 3
  return Float32Array.from(data, (_, at) =>
    level(data[3 * (at % pixels) + Math.floor(at / pixels)]),
  )
}

/** Of a picture of a bank, whose pixels are planes already. */
export function bankVector({ pixels, width, height }, row) {
  const length = 3 * width * height
  return Float32Array.from(pixels.subarray(row * length, (row + 1) * length), level)
}

/** A picture of a bank as an `RgbImage`. */
export function bankImage({ pixels, width, height }, row) {
  const plane = width * height
  const data = Uint8Array.from(
    { length: 3 * plane },
    (_, at) => pixels[(3 * row + (at % 3)) * plane + Math.floor(at / 3)],
  )
  return { width, height, data }
}

const level = (value) => value / 127.5 - 1
