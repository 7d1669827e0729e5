import type { ObjectStore } from '../../../lib/ports/ports.ts';

/** The store without the right to write: every operation that would change it throws. */
export function readOnly(store: ObjectStore): ObjectStore {
  const refuse = (what: string) => async (key: string) => {
    throw new Error(`AccessDenied: ${what} ${key}`);
  };
  return {
    url: store.url,
    get: (key) => store.get(key),
    read: (key) => store.read(key),
    download: (key, file, options) => store.download(key, file, options),
    list: (prefix) => store.list(prefix),
    ...(store.unfetched && { unfetched: store.unfetched.bind(store) }),
    put: refuse('put'),
    write: refuse('write'),
    upload: refuse('upload'),
    delete: refuse('delete'),
  };
}
