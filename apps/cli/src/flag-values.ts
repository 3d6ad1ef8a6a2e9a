import { AssayError } from '@assay/core'

/**
 * The value of a flag that takes a whole number.
 *
 * @throws AssayError `CONFIG_INVALID`
 */
export function wholeNumber(flag: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw notGiven(flag, text, 'is no whole number', 'Give a whole number from 0 to 999999999.')
}

/**
 * The value of a flag that takes whole numbers of at least 1, separated by commas.
 *
 * @throws AssayError `CONFIG_INVALID`
 */
export function numberList(flag: string, text: string): number[] {
  if (/^[1-9]\d{0,8}(,[1-9]\d{0,8})*$/.test(text)) return text.split(',').map(Number)
  throw notGiven(flag, text, 'is no list of numbers', 'Give whole numbers, for instance 5,10,100.')
}

/**
 * The value of a flag that takes a decimal number.
 *
 * @throws AssayError `CONFIG_INVALID`
 */
export function decimalNumber(flag: string, text: string): number {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text)
  throw notGiven(flag, text, 'is no number', 'Give a number of at least 0, for instance 7.5.')
}

/**
 * The value of a flag that takes a size in pixels: `512`, or width and height as `768x512`.
 *
 * @throws AssayError `CONFIG_INVALID`
 */
export function pixelSize(
  flag: string,
  text: string,
): { readonly width: number; readonly height: number } {
  const [, width, height = width] = /^([1-9]\d{0,4})(?:x([1-9]\d{0,4}))?$/.exec(text) ?? []
  if (width !== undefined) return { width: Number(width), height: Number(height) }
  throw notGiven(flag, text, 'is no size in pixels', 'Give one as 512, or as 768x512.')
}

const notGiven = (flag: string, value: string, what: string, remedy: string): AssayError =>
  new AssayError({ code: 'CONFIG_INVALID', message: `${flag} ${value} ${what}.`, value, remedy })
