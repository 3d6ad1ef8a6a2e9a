// A bare worker around onnxruntime-node for `infonce-epoch`: it keeps what a step hands to the next, is
// posted batches, and posts back the loss.
import { parentPort } from 'node:worker_threads'
import { openByHand } from './infonce-session.mjs'

let session
parentPort.on('message', async (message) => {
  if (message.open) session = await openByHand(message.open)
  const loss = message.batch ? await session.step(message.batch) : null
  if (message.close) await session.close()
  parentPort.postMessage({ loss, parameters: message.close ? session.parameters() : null })
})
