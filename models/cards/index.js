import { fileURLToPath } from 'node:url'

export const cards = fileURLToPath(new URL('cards', import.meta.url))
