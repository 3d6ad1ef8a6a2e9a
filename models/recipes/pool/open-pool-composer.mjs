// The generator of the pool.
import { createComposer } from '../../../packages/diffusion/dist/analytic.js'
import { poolConcepts } from './design.mjs'
import { groundBank } from './ground-bank.mjs'

/** Half the default: the pictures hardly differ (see the README of the pool), and take half the time. */
export const STEPS = 15

/** Draws every picture of the pool again, bit for bit, from its prompt and seed. */
export const openPoolComposer = async () =>
  createComposer({ bank: await groundBank(poolConcepts()), steps: STEPS })
