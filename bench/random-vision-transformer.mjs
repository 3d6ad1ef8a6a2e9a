import { createRandom } from '@assay/core'
import { createGraph } from '@assay/tensor/graph'

/** ViT-B/32 of Radford et al. 2021: 87.8 million parameters, 50 tokens of width 768, 12 blocks. */
const width = 768
const blocks = 12
const heads = 12
const patch = 32
const side = 224
const tokens = (side / patch) ** 2 + 1
const dimensions = 512

/**
 * The picture tower of a full-size CLIP as an ONNX file, with random weights: it computes what the real
 * one computes, as fast, and means nothing.
 */
export function randomVisionTransformer() {
  const graph = createGraph({ name: 'random ViT-B/32' })
  const random = createRandom(1)
  const weights = (dims, scale) => {
    const data = new Float32Array(dims.reduce((product, size) => product * size, 1))
    // Uniform is as good as normal here and takes a tenth of the time.
    for (let index = 0; index < data.length; index++) data[index] = (random.uniform() - 0.5) * scale
    return graph.constant({ type: 'float32', dims, data })
  }
  const ones = graph.constant({
    type: 'float32',
    dims: [width],
    data: new Float32Array(width).fill(1),
  })
  const zeros = graph.constant({ type: 'float32', dims: [width], data: new Float32Array(width) })
  const integers = (...values) =>
    graph.constant({
      type: 'int64',
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    })
  const scalar = (value) =>
    graph.constant({ type: 'float32', dims: [], data: Float32Array.of(value) })

  const apply = (operator, inputs, shape, attributes = {}) =>
    graph.node({ operator, inputs, attributes, outputs: [{ type: 'float32', shape }] })[0]
  const linear = (x, shape, from, to) => {
    const product = apply('MatMul', [x, weights([from, to], 2 / Math.sqrt(from))], shape)
    return apply('Add', [product, weights([to], 0.1)], shape)
  }
  const normalize = (x) =>
    apply('LayerNormalization', [x, ones, zeros], ['batch', tokens, width], { axis: { int: -1 } })

  const attention = (x) => {
    const size = width / heads
    const split = (y, permutation, shape) =>
      apply(
        'Transpose',
        [apply('Reshape', [y, integers(0, tokens, heads, size)], ['batch', tokens, heads, size])],
        shape,
        {
          perm: { ints: permutation },
        },
      )
    const flat = ['batch', tokens, width]
    const query = split(linear(x, flat, width, width), [0, 2, 1, 3], ['batch', heads, tokens, size])
    const key = split(linear(x, flat, width, width), [0, 2, 3, 1], ['batch', heads, size, tokens])
    const value = split(linear(x, flat, width, width), [0, 2, 1, 3], ['batch', heads, tokens, size])
    const square = ['batch', heads, tokens, tokens]
    const scores = apply(
      'Mul',
      [apply('MatMul', [query, key], square), scalar(size ** -0.5)],
      square,
    )
    const shares = apply('Softmax', [scores], square, { axis: { int: -1 } })
    const mixed = apply('MatMul', [shares, value], ['batch', heads, tokens, size])
    const ordered = apply('Transpose', [mixed], ['batch', tokens, heads, size], {
      perm: { ints: [0, 2, 1, 3] },
    })
    return linear(apply('Reshape', [ordered, integers(0, tokens, width)], flat), flat, width, width)
  }
  const perceptron = (x) => {
    const wide = ['batch', tokens, 4 * width]
    const hidden = linear(x, wide, width, 4 * width)
    const gate = apply('Sigmoid', [apply('Mul', [hidden, scalar(1.702)], wide)], wide)
    return linear(apply('Mul', [hidden, gate], wide), ['batch', tokens, width], 4 * width, width)
  }
  const add = (x, y) => apply('Add', [x, y], ['batch', tokens, width])

  const pixels = graph.input('pixel_values', 'float32', ['batch', 3, side, side])
  const patches = apply(
    'Conv',
    [pixels, weights([width, 3, patch, patch], 0.05)],
    ['batch', width, 7, 7],
    {
      strides: { ints: [patch, patch] },
    },
  )
  const rows = apply(
    'Reshape',
    [patches, integers(0, width, tokens - 1)],
    ['batch', width, tokens - 1],
  )
  const sequence = apply('Transpose', [rows], ['batch', tokens - 1, width], {
    perm: { ints: [0, 2, 1] },
  })
  // A class token in front: a row of zeros, since positions are added to it anyway.
  const padding = integers(0, 1, 0, 0, 0, 0)
  const whole = apply('Pad', [sequence, padding], ['batch', tokens, width])
  let x = normalize(add(whole, weights([tokens, width], 0.1)))
  for (let block = 0; block < blocks; block++) {
    x = add(x, attention(normalize(x)))
    x = add(x, perceptron(normalize(x)))
  }
  const first = apply(
    'Gather',
    [normalize(x), graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(0n) })],
    ['batch', width],
    { axis: { int: 1 } },
  )
  const projection = weights([width, dimensions], 2 / Math.sqrt(width))
  graph.output('image_embeds', apply('MatMul', [first, projection], ['batch', dimensions]))
  return graph.toBytes()
}
