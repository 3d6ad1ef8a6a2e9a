/** Longest part of a file name that the prompt gives, in characters. */
const longestSlug = 48

/** A prompt as a part of a file name: lower-case Latin letters and digits, joined by hyphens. */
function slugOf(prompt: string): string {
  const words = prompt
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return (words ?? []).join('-').slice(0, longestSlug).replace(/-$/, '') || 'picture'
}

/**
 * A name for each request, distinct, so that `NAME-SEED` is a file name of its own for each picture:
 * what follows the last hyphen is the seed.
 */
export function requestNames(prompts: readonly string[]): readonly string[] {
  const taken = new Set<string>()
  return prompts.map((prompt) => {
    const slug = slugOf(prompt)
    let name = slug
    for (let number = 2; taken.has(name); number++) name = `${slug}-${number}`
    taken.add(name)
    return name
  })
}
