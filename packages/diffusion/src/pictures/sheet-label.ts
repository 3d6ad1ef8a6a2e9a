import sharp from 'sharp'

/** Characters that fit into two lines of any tile; more would only be drawn to be cut. */
const mostCharacters = 200

/** Where a label goes, in pixels. */
interface LabelBox {
  readonly width: number
  readonly height: number
}

/**
 * A text as a picture (PNG with alpha), cut to a box; null where there is nothing to see. Prompts come from
 * outside: nothing in them is taken for markup.
 */
export async function sheetLabel(
  text: string,
  { width, height }: LabelBox,
): Promise<Buffer | null> {
  const plain = plainText(text)
  if (plain === '') return null
  const rendered = await render(plain, width)
  if (rendered === null) return null
  const { data, info } = rendered
  const box = { width: Math.min(width, info.width), height: Math.min(height, info.height) }
  return sharp(data)
    .extract({ left: 0, top: 0, ...box })
    .png()
    .toBuffer()
}

async function render(text: string, width: number) {
  try {
    return await sharp({
      text: { text: escaped(text), font: 'sans 9', dpi: 96, width, wrap: 'word-char', rgba: true },
    })
      .png()
      .toBuffer({ resolveWithObject: true })
  } catch (error) {
    // Signs that leave no ink, a Hangul filler for instance.
    if (error instanceof Error && error.message.includes('no text to render')) return null
    throw error
  }
}

/** One line without what cannot be drawn: control characters, marks of direction, halves of pairs. */
const plainText = (text: string): string =>
  [...text.slice(0, mostCharacters * 2)]
    .slice(0, mostCharacters)
    .join('')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\s]+/gu, ' ')
    .trim()

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Pango reads labels as markup. */
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign]!)
