import type { ServiceAccess } from './http/service-access.js'
import { serviceError } from './http/service-error.js'

/** @throws AssayError `NETWORK_FAILED` where a service drew more or fewer pictures than it was asked for */
export function assertCount(access: ServiceAccess, drawn: number, asked: number): void {
  if (drawn === asked) return
  throw serviceError(access, {
    reason: `answered with ${drawn} pictures where ${asked} were asked for`,
    remedy: 'Let it draw one picture a request, without grids, previews and scripts that add some.',
  })
}
