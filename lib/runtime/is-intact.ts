import { createHash } from 'node:crypto';
import type { ObjectStore } from '../ports/ports.ts';

/** Whether every object is there with the bytes that its entry promises. Reads them all, one after the other. */
export async function isIntact(
  store: ObjectStore,
  objects: Iterable<{ readonly key: string; readonly sha256: string }>,
): Promise<boolean> {
  for (const { key, sha256 } of objects) {
    const body = await store.read(key);
    if (body === null) return false;
    const hash = createHash('sha256');
    for await (const chunk of body) hash.update(chunk);
    if (hash.digest('hex') !== sha256) return false;
  }
  return true;
}
