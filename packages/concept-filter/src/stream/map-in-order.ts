/**
 * The results of a task in the order of its items, with at most `concurrency` tasks at once. An item is taken
 * only when there is room for it, so that no more wait than are worked on; whoever stops early waits for
 * the tasks that have begun.
 */
export async function* mapInOrder<Item, Result>(
  items: AsyncIterable<Item>,
  concurrency: number,
  task: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = []
  try {
    for await (const item of items) {
      begun.push(task(item))
      // Until its turn comes, a task that fails must not count as an error that nobody handles.
      begun.at(-1)?.catch(() => {})
      if (begun.length === concurrency) yield await (begun.shift() as Promise<Result>)
    }
    for (const result of begun) yield await result
  } finally {
    await Promise.allSettled(begun)
  }
}
