export { type ShieldService, type ShieldServiceOptions, serveShield } from './serve/serve-shield.js'
export type { ServiceLimits } from './serve/service-limits.js'
