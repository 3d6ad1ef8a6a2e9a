/**
 * What becomes of each kind of picture that is not plain 8-bit sRGB, by name. A change of what a rule
 * does needs a new number in {@link rulesVersion}, because it changes embeddings.
 */
export const decodingRules = {
  'first-frame':
    'Of an animated WebP the first frame is taken, of an animated PNG its default image, of an AVIF with several images or a sequence its primary image.',
  'orientation-applied':
    'Pixels are turned and mirrored as EXIF says (AVIF: as its own boxes say).',
  'alpha-over-background':
    'Transparent pixels are composited on the background, white where none is given, in the encoded values.',
  'grey-to-rgb': 'The grey value becomes red, green and blue.',
  'cmyk-to-srgb':
    'CMYK goes through the embedded ICC profile, or through a generic CMYK profile where there is none.',
  'sixteen-to-eight-bits': 'Of 16-bit samples the high byte is kept.',
  'profile-to-srgb':
    'An embedded ICC profile is applied with perceptual intent; one that cannot be read is ignored and the values are taken for sRGB.',
} as const

/** Counts changes of the rules. */
export const rulesVersion = 1
