import type { Matrix } from '@assay/core'

/** What a picture of a bank is called. */
export interface BankCaption {
  /** Unique in its bank. */
  readonly id: string
  /** What it shows, for instance `red apple`. */
  readonly caption: string
  /** How it is drawn, in a word, for instance `noto`; null where nobody says. */
  readonly style: string | null
  /** Further words for it; they count half. */
  readonly tags: readonly string[]
}

/** The captions of a bank as a text encoder sees them. */
export interface CaptionEmbeddings {
  /** Joint space of the encoder, as its `space` names it. */
  readonly space: string
  /** One row a picture: the embedding of `CAPTION, STYLE`, or of the caption where there is no style. */
  readonly vectors: Matrix
}

/** Captioned pictures of one size: all that an analytic generator knows. */
export interface PictureBank {
  readonly width: number
  readonly height: number
  /** One a picture. */
  readonly captions: readonly BankCaption[]
  /**
   * Levels from 0 to 255, one picture after another, each as three planes (red, green, blue) of rows.
   * A denoiser sees the level u as u / 127.5 - 1.
   */
  readonly pixels: Uint8Array
  /** Null where prompts can be matched by their words only. */
  readonly captionEmbeddings: CaptionEmbeddings | null
  /** SHA-256 over everything above. */
  readonly fingerprint: string
}
