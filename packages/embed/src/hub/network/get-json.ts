import type { IncomingHttpHeaders } from 'node:http'
import { parseJson } from '@assay/core/formats'
import type { z } from 'zod'
import { assertSuccess } from './assert-success.js'
import { getFromHub, type HubAccess, type HubResponse } from './get-from-hub.js'
import { networkError, plainUrl, TransientFault } from './network-error.js'

/** Bytes of one answer of the hub's API: one that fills the memory. */
const MOST_BYTES = 16 * 2 ** 20
/** Objects and arrays within each other. */
const MOST_DEPTH = 16

/** An answer of the hub's API. */
export interface JsonAnswer<Value> {
  readonly value: Value
  readonly headers: IncomingHttpHeaders
}

/**
 * Asks the hub's API once.
 *
 * @throws AssayError as {@link getFromHub}; `NETWORK_FAILED` where the answer is too long or not of the
 *   form that the hub's API has
 */
export async function getJson<Schema extends z.ZodType>(
  url: URL,
  schema: Schema,
  access: HubAccess,
): Promise<JsonAnswer<z.output<Schema>>> {
  const headers = { accept: 'application/json' }
  return getFromHub(url, { ...access, headers }, async (response) => {
    assertSuccess(response, access.rules.hub)
    const text = await textOf(response)
    try {
      const value = schema.parse(parseJson(text, { file: plainUrl(url), maximumDepth: MOST_DEPTH }))
      return { value, headers: response.headers }
    } catch (cause) {
      throw networkError({
        message: `${plainUrl(url)} did not answer in the form of the Hugging Face API.`,
        url,
        remedy: 'Check that the hub is one, and that no login page of your network answers for it.',
        cause,
      })
    }
  })
}

async function textOf({ pieces, headers, url }: HubResponse): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const piece of pieces) {
    bytes += piece.length
    if (bytes > MOST_BYTES) {
      const message = `${plainUrl(url)} answered with more than ${MOST_BYTES} bytes.`
      throw networkError({ message, url })
    }
    parts.push(piece)
  }
  const announced = headers['content-length']
  if (announced !== undefined && Number(announced) !== bytes) {
    throw new TransientFault({ message: `${plainUrl(url)} was cut off.`, url })
  }
  return Buffer.concat(parts).toString('utf8')
}
