import type { ObjectStore } from '../../ports/ports.ts';
import { toText } from '../../runtime/records/json-objects.ts';

/** Copies of damaged records, below the pipeline's folder: `<pipeline>/set-aside/<moment>/<rest of the key>`. Nothing deletes them. */
export function setAsidePrefix(pipeline: string): string {
  return `${pipeline}/set-aside/`;
}

/** Key of the record that was copied. */
export function originalKey(copy: string): string {
  const [pipeline, , , ...rest] = copy.split('/');
  return [pipeline, ...rest].join('/');
}

/**
 * Copies a record aside and puts another in its place, or nothing if there is none. Does not touch a record that another writer has replaced meanwhile.
 */
export async function setAside(
  store: ObjectStore,
  key: string,
  { instead, now }: { readonly instead: object | null; readonly now: number },
): Promise<void> {
  const found = await store.get(key);
  if (found) {
    const [pipeline = '', ...rest] = key.split('/');
    const moment = new Date(now).toISOString().replaceAll(/[-:]/g, '').replace(/\.\d+/, '');
    await store.put(`${setAsidePrefix(pipeline)}${moment}/${rest.join('/')}`, found.body);
  }
  if (instead === null) {
    if (found) await store.delete(key);
    return;
  }
  const condition = found ? { ifMatch: found.etag } : { ifNoneMatch: '*' as const };
  await store.put(key, toText(instead), { ...condition, contentType: 'application/json' });
}
