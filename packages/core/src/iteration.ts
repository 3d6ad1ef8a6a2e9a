export { inBatches } from './iteration/in-batches.js'
export { mapInOrder } from './iteration/map-in-order.js'
