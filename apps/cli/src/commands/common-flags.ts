import type { Command } from 'commander'

/** What `--device` is for. */
export const deviceHelp = 'what computes: cpu, cuda, coreml, dml or webgpu'

/** What `--encoder` is for. */
export const encoderHelp = 'model id, or folder with a card.json'

/** Takes a flag that may be given several times. */
export const repeated = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
]

/**
 * Adds the flags of every command that computes for long.
 *
 * @param json what `--json` prints
 */
export const addSessionFlags = (command: Command, json: string): Command =>
  command
    .option('--device <name>', deviceHelp, 'cpu')
    .option('--quiet', 'no progress')
    .option('--json', json)

/**
 * The action of a command: loads it when it runs, so that `assay --help` answers at once, and ends with the
 * exit code that it gives.
 */
export const runs =
  <Arguments extends readonly unknown[]>(
    load: () => Promise<(...given: Arguments) => Promise<number>>,
  ) =>
  async (...given: Arguments): Promise<void> => {
    const command = await load()
    process.exitCode = await command(...given)
  }
