import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { AssayError } from '@assay/core'
import { parseJson } from '@assay/core/formats'

/** Where prompts are named. */
export interface PromptFlags {
  readonly prompt?: readonly string[]
  readonly prompts?: string
}

/**
 * The prompts of the flags, in order: those given one by one, then those of the file. A prompt that stands
 * there several times comes back several times.
 *
 * @throws AssayError `CONFIG_INVALID` without any, or for a line that is none; `FILE_MISSING`
 */
export async function readPrompts({ prompt = [], prompts }: PromptFlags): Promise<string[]> {
  const listed = prompts === undefined ? [] : await promptsOf(prompts)
  const all = [...prompt, ...listed].map((text) => text.trim())
  if (all.length > 0 && all.every((text) => text !== '')) return all
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: all.length > 0 ? 'A prompt is empty.' : 'There is no prompt: nothing to draw.',
    remedy: 'Give one by --prompt "a red apple", or a file of them by --prompts.',
  })
}

async function promptsOf(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw missing(file, cause)
  })
  const isJson = ['.jsonl', '.ndjson'].includes(extname(file).toLowerCase())
  return text
    .replace(/^\u{FEFF}/u, '')
    .split(/\r?\n/)
    .flatMap((line, index) => {
      if (line.trim() === '') return []
      return isJson ? promptOfLine(line, { file, row: index + 1 }) : line
    })
}

function promptOfLine(line: string, location: { readonly file: string; readonly row: number }) {
  try {
    const value = parseJson(line)
    if (typeof value === 'object' && value !== null && 'prompt' in value) {
      const { prompt } = value
      if (typeof prompt === 'string' && prompt.trim() !== '') return prompt
    }
  } catch (error) {
    if (!AssayError.isInstance(error)) throw error
  }
  throw new AssayError({
    code: 'CONFIG_INVALID',
    message: `Line ${location.row} of ${location.file} is no JSON object with a \`prompt\`.`,
    value: line.slice(0, 200),
    remedy:
      'Write one object a line, for instance {"prompt": "a red apple"}; or a .txt file, a prompt a line.',
    location,
  })
}

const missing = (file: string, cause: unknown): AssayError =>
  new AssayError({
    code: 'FILE_MISSING',
    message: `The file of prompts ${file} cannot be read.`,
    value: file,
    remedy: 'Name a text file with a prompt a line, or a .jsonl file of objects with a `prompt`.',
    location: { file },
    cause,
  })
