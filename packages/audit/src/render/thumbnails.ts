/** WebP thumbnails as data URLs, by `set/id`. */
export type Thumbnails = ReadonlyMap<string, string>

/** Largest sum of thumbnails in bytes: with base64 and the text the report stays below 5 MB. */
const BUDGET_BYTES = 3_000_000
/** Longest side in pixels. */
const SIZE = 256

/**
 * Thumbnails of the pictures wanted, in order of importance, until the budget is spent. A picture
 * that cannot be read has none.
 *
 * @param wanted identifiers as `set/id`
 * @param make   reads a picture and shrinks it to a WebP of at most `size` pixels
 */
export async function makeThumbnails(
  wanted: Iterable<string>,
  make: (item: string, size: number) => Promise<Uint8Array | null>,
): Promise<Thumbnails> {
  const thumbnails = new Map<string, string>()
  let spent = 0
  for (const item of new Set(wanted)) {
    const bytes = await make(item, SIZE)
    if (bytes === null) continue
    spent += bytes.length
    if (spent > BUDGET_BYTES) break
    thumbnails.set(item, `data:image/webp;base64,${Buffer.from(bytes).toString('base64')}`)
  }
  return thumbnails
}
