import { extname } from 'node:path'

const pictureExtensions = new Set(
  '.jpg .jpeg .jpe .jfif .png .webp .avif .gif .bmp .tif .tiff .heic .heif .svg'.split(' '),
)

/** Whether a file with such a name is meant to be a picture: if it is not, it is missing and not ignored. */
export const isPictureName = (name: string): boolean =>
  pictureExtensions.has(extname(name).toLowerCase())
