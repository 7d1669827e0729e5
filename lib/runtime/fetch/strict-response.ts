import { PermanentError } from '../../contract/errors.ts';
import { ExactNumber } from '../../exact/exact-number.ts';
import type { ExactJson } from '../../exact/json.ts';
import { withoutSecrets } from './outgoing-request.ts';
import { type Body, bodyJson, bodyText } from './read-body.ts';

/**
 * The response, whose `text()` follows the charset and whose `json()` loses nothing. The standard's `text()` takes every charset for UTF-8 and writes U+FFFD for what is none; its `json()` rounds
 * numbers, and takes the last of two equal keys. Here each of these is an error.
 */
export function strictResponse(response: Response): Response {
  const text = async () => bodyText(await bodyOf(response));
  const json = async () => {
    const body = await bodyOf(response);
    return onlyDoubles(bodyJson(body), body.what);
  };
  return Object.defineProperties(response, { text: { value: text }, json: { value: json } });
}

/** The JSON of an answer with every number exact: integers beyond 2^53 are bigints, and numbers with more digits than JavaScript's hold are ExactNumbers. */
export async function exactJson(response: Response): Promise<ExactJson> {
  return bodyJson(await bodyOf(response));
}

async function bodyOf(response: Response): Promise<Body> {
  const what = response.url === '' ? 'the answer' : `the answer of ${withoutSecrets(new URL(response.url))}`;
  return {
    what,
    contentType: response.headers.get('content-type'),
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

function onlyDoubles(json: ExactJson, what: string): ExactJson {
  if (typeof json === 'bigint' || json instanceof ExactNumber)
    throw new PermanentError(
      `${what} has the number ${json}, which a number of JavaScript would round: read it with exactJson(response) of daybreak/sources`,
    );
  if (typeof json === 'object' && json !== null) for (const value of Object.values(json)) onlyDoubles(value, what);
  return json;
}
