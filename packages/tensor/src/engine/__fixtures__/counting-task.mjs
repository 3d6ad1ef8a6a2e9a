/** A task for tests: it computes, waits, fails and ends its worker. */
export async function createTask(context, argument) {
  if (argument?.refuse) throw new Error('refused')
  return {
    methods: {
      threads: async () => context.threads,
      sum: async ({ handle }) => context.tensor(handle).data.reduce((sum, x) => sum + x, 0),
      run: async ({ model, feeds }) => {
        const session = await context.openSession(model)
        const results = await session.run(feeds)
        await session.close()
        return results
      },
      untilAborted: (_, signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve('aborted'))),
      fail: async () => {
        throw Object.assign(new Error('out of luck'), { value: 1 })
      },
      exit: async () => process.exit(7),
      throwLater: () =>
        new Promise(() => {
          setTimeout(() => {
            throw new Error('unforeseen')
          })
        }),
    },
    close: async () => {},
  }
}
