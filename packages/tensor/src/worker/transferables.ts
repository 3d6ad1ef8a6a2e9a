/** The buffers of all typed arrays anywhere in an answer, so that they move instead of being copied. */
export function transferables(answer: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>()
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if (!ArrayBuffer.isView(value)) Object.values(value).forEach(visit)
    else if (value.buffer instanceof ArrayBuffer) found.add(value.buffer)
  }
  visit(answer)
  return [...found]
}
