import { fileURLToPath } from 'node:url'

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url))

export const tinyClip = path('tiny-clip')

export const tinyClipGradients = path('tiny-clip/onnx/vision_model_vjp.onnx')

export const greyClip = path('grey-clip')

export const demo = Object.freeze({
  outputs: path('demo/outputs'),
  protected: path('demo/protected'),
  reference: path('demo/reference'),
})

export const bank = path('bank')

export const abcMini = path('abc-mini')

export const pool = path('pool')

export const attribution = Object.freeze({
  head: path('attribution/head.safetensors'),
  calibration: path('attribution/calibration.json'),
  cleanTest: path('attribution/clean-test'),
})

export const conceptFilter = path('concept-filter')

export const tinyDiffusion = path('tiny-diffusion')

export const split = path('split.json')

export const referenceEmbeddings = path('reference.json')
