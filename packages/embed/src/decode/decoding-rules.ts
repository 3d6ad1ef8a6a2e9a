/**
 * What becomes of each kind of picture that is not plain 8-bit sRGB, by name. A change of what a rule
 * does needs a new number in {@link rulesVersion}, because it changes embeddings.
 */
export const decodingRules = {
  'first-frame':
    'Of an animated WebP the first frame is taken, of an animated PNG its default image, of an AVIF with several images its primary image.',
  'orientation-applied':
    'Pixels are turned and mirrored as EXIF says (AVIF: as its own boxes say).',
  'alpha-over-background':
    'Transparent pixels are composited on the background, white where none is given, in the encoded values, each rounded once.',
  'grey-to-rgb': 'The grey value becomes red, green and blue.',
  'palette-to-rgb': 'Each pixel gets the colour of its entry.',
  'cmyk-to-rgb':
    'Red, green and blue are (255 - cyan, magenta, yellow) x (255 - black) / 255, rounded; the inverted values that Adobe programs write are known by their marker.',
  'sixteen-to-eight-bits': 'Of 16-bit samples the high byte is kept.',
  'profile-ignored':
    'Values are taken for sRGB, whatever ICC profile is embedded. Where the option colourProfile is convert, the profile is applied with perceptual intent, also that of CMYK; one that cannot be read is ignored.',
} as const

/** Counts changes of the rules. */
export const rulesVersion = 2
