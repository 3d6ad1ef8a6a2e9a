// Embedding sets of pictures and prompts.

export type { EmbeddedSet } from './cached/embed-cached.js'
export { type EmbedPicturesOptions, embedPictures } from './cached/embed-pictures.js'
export {
  type EmbeddedPrompts,
  type EmbedPromptsOptions,
  embedPrompts,
} from './cached/embed-prompts.js'
export type { EmbeddingCache } from './cached/embedding-cache.js'

// Models.

export { type InstalledModel, type ListModelsOptions, listModels } from './card/list-models.js'
export { loadModelCard } from './card/load-model-card.js'
export type { ModelCard, ModelFile } from './card/model-card.js'
export type { ModelPin, ModelPins } from './card/model-pins.js'
export type { PromptEncoder } from './encoder/create-text-encoder.js'
export { type OpenEncoderOptions, type OpenedEncoder, openEncoder } from './encoder/open-encoder.js'
export { clipTokenizerJson } from './tokens/clip-tokenizer-json.js'
export { promptTokenizer, type TokenizedPrompt } from './tokens/prompt-tokenizer.js'

// Picture sets.

export { makeThumbnail, type ThumbnailOptions } from './pictures/make-thumbnail.js'
export type { PackedLimits } from './pictures/packed/read-shards.js'
export type { PackedPicture, Picture, PictureSet } from './pictures/picture-set.js'
export { type ReadPictureSetOptions, readPictureSet } from './pictures/read-picture-set.js'

// Pixels.

export { type DecodeImageOptions, decodeImage, type RgbColour } from './decode/decode-image.js'
export { decoderVersion } from './decode/decoder-version.js'
export { decodingRules } from './decode/decoding-rules.js'
export { defaultImageLimits, type ImageLimits } from './decode/image-limits.js'
export { preprocessImage } from './preprocess/preprocess-image.js'
export type { Preprocessing } from './preprocess/preprocessing.js'
export { preprocessingHash } from './preprocess/preprocessing-hash.js'
