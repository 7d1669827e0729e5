/** JSON documents in the store: read whole, or created once. */
import { DamagedRecordError, PlatformError } from '../../contract/errors.ts';
import { shapeFault } from '../../contract/records/record-shapes.ts';
import { decodeText } from '../../exact/decode-text.ts';
import { readJson as readStrictly } from '../../exact/read-json.ts';
import { writeJson } from '../../exact/write-json.ts';
import type { ObjectStore } from '../../ports/ports.ts';

/** The document under a key, or null when there is none. Its form is the one that this code base wrote. */
export async function readJson<T>(store: ObjectStore, key: string): Promise<T | null> {
  const found = await store.get(key);
  return found && parseJson<T>(store, key, found.body);
}

/** The same, but null also for a document that is damaged: for advisory records, and for lists, which one damaged record must not hide. */
export async function readIntact<T>(store: ObjectStore, key: string): Promise<T | null> {
  try {
    return await readJson<T>(store, key);
  } catch (error) {
    if (error instanceof DamagedRecordError) return null;
    throw error;
  }
}

/** The same, and `damaged` gets the key of a damaged document, once. */
export async function readOrNote<T>(store: ObjectStore, key: string, damaged: string[]): Promise<T | null> {
  const found = await store.get(key);
  const read = found && tryParse(key, found.body);
  if (read && 'fault' in read && !damaged.includes(key)) damaged.push(key);
  return read && 'document' in read ? (read.document as T) : null;
}

/** The document that was read under a key. A body that is not JSON, that a reader would change, or that is not of the key's kind, is a DamagedRecordError
 * which names the key. */
export function parseJson<T>({ url }: Pick<ObjectStore, 'url'>, key: string, body: Uint8Array): T {
  const read = tryParse(key, body);
  if ('fault' in read) throw new DamagedRecordError(url, key, read.fault);
  return read.document as T;
}

/** The document of a body, or the problem with it. */
export function tryParse(key: string, body: Uint8Array): { readonly document: unknown } | { readonly fault: string } {
  let document: unknown;
  try {
    document = readStrictly(decodeText(body));
  } catch (error) {
    return {
      fault: `its ${body.length} bytes are not whole JSON${error instanceof Error ? ` (${error.message})` : ''}`,
    };
  }
  const fault = shapeFault(key, document);
  return fault === null ? { document } : { fault };
}

/**
 * Creates the document unless the key is taken, and returns the current one: all callers with one key get the same. With `replaces`, puts it in
 * the place of the document with this etag, unless another caller did.
 */
export async function createOrRead<T extends object>(
  store: ObjectStore,
  key: string,
  document: T,
  replaces?: string,
): Promise<{ readonly document: T; readonly created: boolean }> {
  const condition = replaces === undefined ? { ifNoneMatch: '*' as const } : { ifMatch: replaces };
  const { written } = await store.put(key, toText(document), { ...condition, contentType: 'application/json' });
  if (written) return { document, created: true };
  const existing = await readJson<T>(store, key);
  if (!existing) throw new PlatformError(`${store.url}/${key} was taken a moment ago and is missing now`);
  return { document: existing, created: false };
}

/** Creates the document; false when the key is taken. */
export async function createJson(store: ObjectStore, key: string, document: object): Promise<boolean> {
  const options = { ifNoneMatch: '*', contentType: 'application/json' } as const;
  return (await store.put(key, toText(document), options)).written;
}

/** Writes the document, over any that exists. */
export async function overwriteJson(store: ObjectStore, key: string, document: object): Promise<void> {
  await store.put(key, toText(document), { contentType: 'application/json' });
}

/** The text of a record in the store. Throws a WriteProblem for a value that JSON would change. */
export function toText(document: object): string {
  return `${writeJson(document, 2)}\n`;
}

/** A moment as records have it: ISO 8601 in UTC with milliseconds. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
