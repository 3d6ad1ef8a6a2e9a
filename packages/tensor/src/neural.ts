// Activations.
export { erf, gelu, relu, sigmoid, softplus } from './graph/operations/activations.js'
// Normalisations.
export { batchNorm, layerNorm } from './graph/operations/normalization.js'
export { logSoftmax, softmax } from './graph/operations/softmax.js'
