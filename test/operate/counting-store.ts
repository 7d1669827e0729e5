import type { ObjectStore } from '../../lib/ports/ports.ts';

/** Keys that S3 gives in one answer to a list. */
const page = 1_000;

/** A store that counts the requests that S3 would get. */
export function countingStore(store: ObjectStore) {
  const counts = { get: 0, put: 0, list: 0 };
  const counting: ObjectStore = {
    ...(Object.fromEntries(
      (['read', 'write', 'upload', 'download', 'delete'] as const).map((name) => [
        name,
        () => Promise.reject(new Error(`${name} is not counted`)),
      ]),
    ) as unknown as Pick<ObjectStore, 'read' | 'write' | 'upload' | 'download' | 'delete'>),
    url: store.url,
    get: (key) => {
      counts.get += 1;
      return store.get(key);
    },
    put: (key, body, options) => {
      counts.put += 1;
      return store.put(key, body, options);
    },
    async *list(prefix) {
      let given = 0;
      counts.list += 1;
      for await (const object of store.list(prefix)) {
        if (given > 0 && given % page === 0) counts.list += 1;
        yield object;
        given += 1;
      }
    },
  };
  return { store: counting, counts };
}
