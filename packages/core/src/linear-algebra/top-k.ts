import { AssayError } from '../errors/assay-error.js'

const invalid = (message: string, value: number, remedy: string) =>
  new AssayError({ code: 'INVALID_ARGUMENT', message, value, remedy })

/** Moves the root of a heap, whose least wanted index is on top, down to where it belongs. */
function siftDown(heap: number[], worse: (a: number, b: number) => boolean): void {
  let parent = 0
  for (;;) {
    let child = 2 * parent + 1
    if (child >= heap.length) return
    if (child + 1 < heap.length && worse(heap[child + 1]!, heap[child]!)) child += 1
    if (!worse(heap[child]!, heap[parent]!)) return
    const moved = heap[parent]!
    heap[parent] = heap[child]!
    heap[child] = moved
    parent = child
  }
}

/**
 * Indices of the `k` largest values (all, where `k` exceeds their number), largest first, equal
 * values in order of their index. Time O(n log k).
 *
 * @throws AssayError `INVALID_ARGUMENT` unless `k` is a whole number of at least 1, `NOT_FINITE` for
 *   a NaN (infinities have an order and are allowed)
 */
export function topK(values: ArrayLike<number>, k: number): number[] {
  if (!Number.isInteger(k) || k < 1) {
    throw invalid(`k must be a whole number of at least 1, got ${k}.`, k, 'Ask for at least one.')
  }
  const worse = (a: number, b: number) =>
    values[a]! < values[b]! || (values[a] === values[b] && a > b)
  const order = (a: number, b: number) => (worse(a, b) ? 1 : -1)
  const heap: number[] = []
  const size = Math.min(k, values.length)
  for (let index = 0; index < values.length; index++) {
    assertNumber(values[index]!, index)
    if (heap.length < size) {
      heap.push(index)
      // Worst first: a sorted array is a heap.
      if (heap.length === size) heap.sort((a, b) => order(b, a))
    } else if (worse(heap[0]!, index)) {
      heap[0] = index
      siftDown(heap, worse)
    }
  }
  return heap.sort(order)
}

function assertNumber(value: number, index: number): void {
  if (!Number.isNaN(value)) return
  throw new AssayError({
    code: 'NOT_FINITE',
    message: `Value ${index} is NaN and cannot be ranked.`,
    value,
    remedy: 'Leave this value out and count it as missing.',
    location: { row: index },
  })
}
