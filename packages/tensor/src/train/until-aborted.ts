import { abortedError } from '../engine/engine-errors.js'

/**
 * What an iterable gives, until the signal fires, which also ends a wait for the next item. The
 * iterator is closed however the loop ends.
 *
 * @throws AssayError `ABORTED`
 */
export async function* untilAborted<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, undefined> {
  const iterator =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]()
  let abort = () => {}
  const aborted = new Promise<never>((_, reject) => {
    abort = () => signal && reject(abortedError(signal))
  })
  aborted.catch(() => {})
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  try {
    while (true) {
      const next = await Promise.race([aborted, iterator.next()])
      if (next.done) return
      yield next.value
    }
  } finally {
    signal?.removeEventListener('abort', abort)
    const closed = Promise.resolve(iterator.return?.())
    // An asynchronous generator that still waits for something closes only after its wait.
    if (signal?.aborted) closed.catch(() => {})
    else await closed
  }
}
