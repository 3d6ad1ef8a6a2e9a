// The same step in TensorFlow.js on its WebAssembly backend, with its own Adam. The backward pass is
// written by hand here too: the build that Node loads brings no gradients along.
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'

function forward({ weight, bias }, x) {
  const mapped = tf.add(tf.matMul(x, weight, false, true), bias)
  const length = tf.sqrt(tf.sum(tf.square(mapped), 1, true))
  return { x, length, unit: tf.div(mapped, length) }
}

/** Gradients of a head by the gradient by its unit rows. */
function backward({ x, length, unit }, slope) {
  const radial = tf.mul(unit, tf.sum(tf.mul(slope, unit), 1, true))
  const byMapped = tf.div(tf.sub(slope, radial), length)
  return { weight: tf.matMul(byMapped, x, true), bias: tf.sum(byMapped, 0) }
}

export async function openTfjs({ columns, temperature, learningRate }) {
  await tf.setBackend('wasm')
  await tf.ready()
  const head = (name) => ({
    weight: tf.variable(tf.eye(columns), true, `${name}.weight`),
    bias: tf.variable(tf.zeros([columns]), true, `${name}.bias`),
  })
  const heads = { real: head('real'), synthetic: head('synthetic') }
  const optimizer = tf.train.adam(learningRate, 0.9, 0.999, 1e-8)

  function lossAndGradients(x, y) {
    const [real, synthetic] = [forward(heads.real, x), forward(heads.synthetic, y)]
    const [u, v] = [real.unit, synthetic.unit]
    const likeness = tf.div(tf.matMul(v, u, false, true), temperature)
    const shifted = tf.exp(tf.sub(likeness, 1 / temperature))
    const [ofRows, ofColumns] = [tf.sum(shifted, 1, true), tf.sum(shifted, 0, true)]
    const logs = tf.add(tf.mean(tf.log(ofRows)), tf.mean(tf.log(ofColumns)))
    const matches = tf.div(tf.mean(tf.sum(tf.mul(v, u), 1)), temperature)
    const loss = tf.add(tf.sub(tf.div(logs, 2), matches), 1 / temperature)
    const share = 1 / (2 * x.shape[0] * temperature)
    const slopes = tf.mul(shifted, tf.add(tf.reciprocal(ofRows), tf.reciprocal(ofColumns)))
    const slope = (product, other) => tf.mul(tf.sub(product, tf.mul(other, 2)), share)
    const bySynthetic = backward(synthetic, slope(tf.matMul(slopes, u), u))
    const byReal = backward(real, slope(tf.matMul(slopes, v, true), v))
    return [
      loss,
      {
        'real.weight': byReal.weight,
        'real.bias': byReal.bias,
        'synthetic.weight': bySynthetic.weight,
        'synthetic.bias': bySynthetic.bias,
      },
    ]
  }

  return {
    async step({ real, synthetic }) {
      const shape = [real.length / columns, columns]
      const value = tf.tidy(() => {
        const [loss, gradients] = lossAndGradients(
          tf.tensor2d(real, shape),
          tf.tensor2d(synthetic, shape),
        )
        optimizer.applyGradients(gradients)
        return loss
      })
      const [result] = await value.data()
      value.dispose()
      return result
    },
  }
}
