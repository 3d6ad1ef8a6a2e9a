import { assertSuccess } from '../network/assert-success.js'
import { getFromHub, type HubAccess, type HubResponse } from '../network/get-from-hub.js'
import { networkError, plainUrl, TransientFault } from '../network/network-error.js'
import type { PartialFile } from './partial-file.js'

/** One attempt to get the rest of a file. */
export interface PartRequest {
  readonly url: URL
  /** Bytes of the whole file. */
  readonly bytes: number
  readonly part: PartialFile
  /** Told, piece by piece, of how many bytes are there. */
  readonly onBytes: (present: number) => void
}

/**
 * Asks for what is missing and appends it. Where the server answers with another version, another part
 * or all of the file, the part starts anew.
 *
 * @throws AssayError `NETWORK_FAILED`, transient where the connection was cut; as {@link getFromHub} and
 *   {@link assertSuccess}
 */
export async function receivePart(request: PartRequest, access: HubAccess): Promise<void> {
  const { url, bytes, part, onBytes } = request
  await getFromHub(url, { ...access, headers: rangeHeaders(part) }, async (response) => {
    if (response.status === 416) throw await startAnew(request, 'refuses the part asked for')
    assertSuccess(response, access.rules.hub)
    if (response.status === 206) await assertContinues(request, response)
    else if (part.bytes > 0) await part.clear()
    part.version = strongEtag(response)
    assertLength(response, bytes - part.bytes)
    for await (const piece of response.pieces) {
      if (piece.length > bytes - part.bytes) throw tooLong(response.url, bytes)
      await part.append(piece)
      onBytes(part.bytes)
    }
  })
  if (part.bytes < bytes) {
    const message = `${plainUrl(url)} was cut off at ${part.bytes} of ${bytes} bytes.`
    throw new TransientFault({ message, url })
  }
}

function rangeHeaders({ bytes, version }: PartialFile): Readonly<Record<string, string>> {
  if (bytes === 0) return {}
  // With `if-range`, a server that has another version by now sends all of it.
  return { range: `bytes=${bytes}-`, ...(version !== null && { 'if-range': version }) }
}

/** Only a strong validator says that two parts belong to each other (RFC 9110, 13.1.5). */
function strongEtag({ headers }: HubResponse): string | null {
  const { etag } = headers
  return etag?.startsWith('"') ? etag : null
}

async function assertContinues(request: PartRequest, response: HubResponse): Promise<void> {
  const { headers, url } = response
  const { part } = request
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') ?? []
  if (total !== undefined && total !== '*' && Number(total) !== request.bytes) {
    throw wrongLength(url, Number(total), request.bytes)
  }
  if (start === undefined || Number(start) !== part.bytes) {
    throw await startAnew(request, 'sends another part than was asked for')
  }
  if (part.version !== null && part.version !== strongEtag(response)) {
    throw await startAnew(request, 'has another version by now')
  }
}

async function startAnew({ part, url }: PartRequest, why: string): Promise<TransientFault> {
  await part.clear()
  return new TransientFault({ message: `${plainUrl(url)} ${why}.`, url })
}

/** The length that a server announces must be that of what is missing; without one it is counted. */
function assertLength({ headers, status, url }: HubResponse, missing: number): void {
  const announced = headers['content-length']
  if (announced === undefined) return
  const length = Number(announced)
  // A server may send less than was asked for (RFC 9110, 15.3.7); the rest is asked for next.
  if (status === 206 ? length > missing : length !== missing)
    throw wrongLength(url, length, missing)
}

const wrongLength = (url: URL, found: number, expected: number) =>
  networkError({
    message: `${plainUrl(url)} announces ${found} bytes where the hub lists ${expected}.`,
    url,
    remedy: 'Check that no proxy or login page of your network answers for the hub.',
  })

const tooLong = (url: URL, bytes: number) =>
  networkError({
    message: `${plainUrl(url)} sends more than the ${bytes} bytes that the hub lists.`,
    url,
    remedy: 'Check that no proxy or login page of your network answers for the hub.',
  })
