import type { PictureRequest } from '@assay/diffusion'

/** What every prompt is drawn with. */
export type PictureSettings = Omit<PictureRequest, 'prompt' | 'count'> & {
  /** Pictures of a prompt each time that it is named. */
  readonly n: number
}

/**
 * One request for each distinct prompt, in order. A prompt that is named again gets more pictures, with the
 * seeds that follow: with the same ones it would get the same pictures.
 */
export function pictureRequests(
  prompts: readonly string[],
  { n, ...settings }: PictureSettings,
): readonly PictureRequest[] {
  const counts = new Map<string, number>()
  for (const prompt of prompts) counts.set(prompt, (counts.get(prompt) ?? 0) + n)
  return [...counts].map(([prompt, count]) => ({ prompt, count, ...settings }))
}
