// Where every picture of the built-in world comes from, and how its name is read.

/** Emoji styles: `style` is the word that captions use. */
export const EMOJI_STYLES = [
  { style: 'noto', package: 'noto', licence: 'Apache-2.0' },
  { style: 'blob', package: 'noto-v1', licence: 'Apache-2.0' },
  { style: 'twemoji', package: 'twemoji', licence: 'CC-BY-4.0' },
  { style: 'emojione', package: 'emojione', licence: 'CC-BY-4.0' },
  { style: 'firefox', package: 'fxemoji', licence: 'Apache-2.0' },
  { style: 'flat', package: 'fluent-emoji-flat', licence: 'MIT' },
  { style: 'glossy', package: 'fluent-emoji', licence: 'MIT' },
]

/** Emojibase group numbers that are kept; components (2) and flags (9) are not. */
export const EMOJI_GROUPS = new Map([
  [0, 'smileys'],
  [1, 'people'],
  [3, 'animals and nature'],
  [4, 'food and drink'],
  [5, 'travel and places'],
  [6, 'activities'],
  [7, 'objects'],
  [8, 'symbols'],
])

/** Open Clip Art folders that are kept, with the group word of each. */
export const CLIP_ART_FOLDERS = new Map([
  ['animals', 'animals and nature'],
  ['plants', 'animals and nature'],
  ['food', 'food and drink'],
  ['transportation', 'travel and places'],
  ['buildings', 'travel and places'],
  ['people', 'people'],
  ['recreation', 'activities'],
  ['containers', 'objects'],
  ['decorations', 'objects'],
  ['education', 'objects'],
  ['electronics', 'objects'],
  ['office', 'objects'],
  ['science', 'objects'],
  ['tools', 'objects'],
  ['unsorted', 'objects'],
])

/** File-name form of a label, as the iconify sets spell it: "man’s shoe" is "mans-shoe". */
export function slug(label) {
  return label
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/&/g, 'and')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** Plain lower-case ASCII words of a title or tag; digits, brackets and punctuation become blanks. */
export function words(text) {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’']/g, '')
    .replace(/\(.*?\)/g, ' ')
    .toLowerCase()
    .replace(/[^a-z]+/g, ' ')
    .trim()
}

/** Family of an emoji label: man, woman and person forms of one thing share it. */
export function family(label) {
  const stripped = words(label)
    .split(' ')
    .filter((word) => !/^(man|men|woman|women|person|people|boy|girl|mr|mrs|mx)s?$/.test(word))
    .join(' ')
  return stripped || words(label)
}
