import { PermanentError, RetryableError } from '../../../contract/errors.ts';

/** A page is in memory as a whole, several times over while it is read. */
const mostBytes = 64 * 1024 * 1024;

/** Digits that a number may not hold exactly; only then is a closer look at the text worth its time. */
const manyDigits = /\d{16}/;

/** The JSON of an answer. Integers that a number does not hold exactly are bigints: a digit is never lost in silence. `what` is the page, for errors. */
export async function readJson(response: Response, what: string, signal: AbortSignal): Promise<unknown> {
  const text = await readText(response, what, signal);
  try {
    return manyDigits.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text);
  } catch {
    const type = response.headers.get('content-type') ?? 'no content type';
    throw new PermanentError(`${what} is not JSON (${type}); it begins with ${JSON.stringify(text.slice(0, 80))}`);
  }
}

const exactIntegers = (_key: string, value: unknown, context?: { readonly source?: string }): unknown => {
  const { source } = context ?? {};
  return typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;
};

const readText = async (response: Response, what: string, signal: AbortSignal): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      if (bytes > mostBytes) break;
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw new RetryableError(`${what} broke off after ${bytes} bytes`, { cause: error });
  }
  if (bytes > mostBytes)
    throw new PermanentError(`${what} is larger than ${mostBytes / 1024 / 1024} MB: ask for smaller pages`);
  return Buffer.concat(chunks).toString('utf8');
};
