import { sha256 } from '@assay/store'
import type { PictureBank } from './picture-bank.js'

/** A bank with its fingerprint. */
export function sealPictureBank(parts: Omit<PictureBank, 'fingerprint'>): PictureBank {
  const { width, height, captions, pixels, captionEmbeddings } = parts
  const named = captions.map(({ id, caption, style, tags }) => [id, caption, style, tags])
  const embedded = captionEmbeddings && {
    space: captionEmbeddings.space,
    columns: captionEmbeddings.vectors.columns,
    sha256: sha256(bytesOf(captionEmbeddings.vectors.data)),
  }
  const hashed = [1, width, height, sha256(JSON.stringify(named)), sha256(pixels), embedded]
  return { ...parts, fingerprint: sha256(JSON.stringify(hashed)) }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
