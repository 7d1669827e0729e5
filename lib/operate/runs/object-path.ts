import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The place where a person finds an object: a file's path for a folder store, else an address. */
export function objectPath(storeUrl: string, key: string): string {
  return storeUrl.startsWith('file:') ? join(fileURLToPath(storeUrl), key) : `${storeUrl}/${key}`;
}
