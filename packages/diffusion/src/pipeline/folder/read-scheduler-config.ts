import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSchedulerConfig } from '../../sampling/parse-scheduler-config.js'
import { missing } from './model-errors.js'

/**
 * The scheduler's configuration of a pipeline, for `readScheduler`.
 *
 * @param className takes the place of the class that the file names
 * @throws AssayError `MODEL_FILE_MISSING`, `MALFORMED_JSON`
 */
export async function readSchedulerConfig(
  folder: string,
  className: string | undefined,
): Promise<unknown> {
  const file = join(folder, 'scheduler', 'scheduler_config.json')
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw missing({
      file,
      message: `There is no ${file}, so nothing tells what noise the model was trained with.`,
      remedy: 'Copy the scheduler folder of the original model.',
      cause,
    })
  })
  const config = parseSchedulerConfig(text, { file })
  if (className === undefined || typeof config !== 'object' || config === null) return config
  return { ...config, _class_name: className }
}
