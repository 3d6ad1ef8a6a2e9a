/** Numbers of a projected row: more rule out little more, and fill memory. */
const MOST_DIMENSIONS = 256

/** The smallest pool that leaves few enough numbers a row, or else the largest that fits. */
export function defaultPool({
  channels,
  height,
  width,
}: {
  readonly channels: number
  readonly height: number
  readonly width: number
}): number {
  let largest = 1
  for (let pool = 1; pool <= Math.min(height, width); pool += 1) {
    if (height % pool > 0 || width % pool > 0) continue
    if ((channels * height * width) / pool ** 2 <= MOST_DIMENSIONS) return pool
    largest = pool
  }
  return largest
}
