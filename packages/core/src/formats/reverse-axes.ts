/**
 * Puts values in the order of the array's transpose, all axes reversed, which turns C order of a shape
 * into Fortran order of the same shape. Moves bytes and not numbers, so that every NaN stays the same.
 *
 * @param bytes values in C order of `shape`, `width` bytes each
 */
export function reverseAxes(
  bytes: Uint8Array,
  shape: readonly number[],
  width: number,
): Uint8Array<ArrayBuffer> {
  const reversed = new Uint8Array(bytes.length)
  // How far each axis steps in the target, whose first axis runs fastest.
  const strides: number[] = []
  let stride = width
  for (const length of shape) {
    strides.push(stride)
    stride *= length
  }
  const counter = shape.map(() => 0)
  let to = 0
  for (let from = 0; from < bytes.length; from += width) {
    for (let byte = 0; byte < width; byte++) reversed[to + byte] = bytes[from + byte]!
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      to += strides[axis]!
      counter[axis]! += 1
      if (counter[axis]! < shape[axis]!) break
      to -= strides[axis]! * shape[axis]!
      counter[axis] = 0
    }
  }
  return reversed
}
