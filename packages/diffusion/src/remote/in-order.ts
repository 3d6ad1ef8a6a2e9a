/**
 * Results of tasks in the order of the tasks, some of them under way at once. A task that fails ends the
 * iteration after the results before it; leaving the iteration early lets the rest come to an end.
 *
 * @param stop called when no further result is wanted
 */
export async function* inOrder<Task, Result>(
  tasks: readonly Task[],
  {
    concurrency,
    run,
    stop,
  }: {
    readonly concurrency: number
    readonly run: (task: Task) => Promise<Result>
    readonly stop: () => void
  },
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = []
  let next = 0
  const start = () => {
    for (const task of tasks.slice(next, next + concurrency - underWay.length)) {
      const result = run(task)
      // A failure behind another one is told to nobody.
      result.catch(() => {})
      underWay.push(result)
      next++
    }
  }
  try {
    for (start(); underWay.length > 0; start()) yield await (underWay.shift() as Promise<Result>)
  } finally {
    stop()
    await Promise.allSettled(underWay)
  }
}
