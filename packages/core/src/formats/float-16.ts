/** 2^-24, the smallest positive float16. */
const smallest = 2 ** -24
/** 2^-14, the smallest float16 with a full significand. */
const smallestNormal = 2 ** -14
/** Halfway between the largest float16, 65504, and the next power of two: rounds to infinity. */
const overflow = 65_520
/** Both as float32 bits, and how much larger the exponent of a float32 is there. */
const smallestNormalBits = 0x3880_0000
const overflowBits = 0x477f_f000
const biasDifference = (127 - 15) << 23

/** Rounds half to even, for values from 0 to 2^51: below 2^52 the sum keeps no fraction. */
const roundHalfToEven = (value: number) => value + 2 ** 52 - 2 ** 52

function toFloat16(value: number): number {
  const magnitude = Math.abs(value)
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  if (Number.isNaN(value)) return 0x7e00
  if (magnitude >= overflow) return sign | 0x7c00
  if (magnitude < smallestNormal) return sign | roundHalfToEven(magnitude / smallest)
  // magnitude / 2^-14 lies in [1, 2^30), so its exponent is that of its whole part.
  const exponent = 31 - Math.clz32(magnitude / smallestNormal)
  const significand = roundHalfToEven(magnitude / (smallest * (1 << exponent)))
  // The leading bit of the significand, or a carry out of it, counts up the exponent.
  return sign | ((exponent << 10) + significand)
}

function fromFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * smallest
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (fraction + 0x400) * smallest * (1 << (exponent - 1))
}

/**
 * The same of float32, by whole numbers where the float16 is a normal one, in a third of the time: the
 * exponent moves from one bias to the other, and what is dropped carries if it is more than half, or half
 * of an odd number.
 */
function encodeFloat32(values: Float32Array): Uint16Array<ArrayBuffer> {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const bits = new Uint16Array(values.length)
  for (let at = 0; at < bits.length; at += 1) {
    const single = singles[at]!
    const magnitude = single & 0x7fff_ffff
    bits[at] =
      magnitude >= smallestNormalBits && magnitude < overflowBits
        ? ((single >>> 16) & 0x8000) |
          ((magnitude - biasDifference + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
        : toFloat16(values[at]!)
  }
  return bits
}

/**
 * Float16 bits (IEEE 754 binary16) of float32 or float64 values: the nearest, ties to even; what is
 * too large becomes infinite. Every NaN becomes the same quiet NaN.
 */
export function encodeFloat16(values: ArrayLike<number>): Uint16Array<ArrayBuffer> {
  if (values instanceof Float32Array) return encodeFloat32(values)
  // Loops: `from` with a function takes some thirty times as long.
  const bits = new Uint16Array(values.length)
  for (let at = 0; at < bits.length; at += 1) bits[at] = toFloat16(values[at]!)
  return bits
}

/** The exact values of float16 bits. */
export function decodeFloat16(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const values = new Float32Array(bits.length)
  for (let at = 0; at < values.length; at += 1) values[at] = fromFloat16(bits[at]!)
  return values
}
