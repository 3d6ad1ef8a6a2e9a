/** Half a level of 256 in [-1, 1], and what float32 may add to a level that is read back. */
const mostRounding = 1 / 255 + 2 ** -23

/**
 * How far rounding to 8 bits a channel can move a picture in [-1, 1]: √D / 255, for the `margin` of a
 * shield whose finished pictures are counted.
 *
 * @param dimensions numbers of a picture, three a pixel
 */
export const eightBitMargin = (dimensions: number): number => Math.sqrt(dimensions) * mostRounding
