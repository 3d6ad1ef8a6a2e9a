/**
 * Runs a task on each item, at most `concurrency` at a time, and yields the results in the order of
 * the items, whatever finishes first. Items are taken only as results are taken, so that memory stays
 * bounded. When it ends early, for whatever reason, it waits for the tasks that run.
 */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  task: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = []
  try {
    for await (const item of items) {
      const result = task(item)
      // Looked at in its turn; until then a rejection must not count as unhandled.
      result.catch(() => {})
      running.push(result)
      if (running.length < concurrency) continue
      yield await (running.shift() as Promise<Result>)
    }
    while (running.length > 0) yield await (running.shift() as Promise<Result>)
  } finally {
    await Promise.allSettled(running)
  }
}
