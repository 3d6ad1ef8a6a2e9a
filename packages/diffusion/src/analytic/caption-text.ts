import type { BankCaption } from './picture-bank.js'

/** The text that an encoder is given for a picture: `CAPTION, STYLE`. */
export const captionText = ({ caption, style }: BankCaption): string =>
  style === null ? caption : `${caption}, ${style}`
