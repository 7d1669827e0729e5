/** A process that works on a folder store until it is killed or done: `node folder-process.ts <mode> <folder> <name>`. */
import { createHash } from 'node:crypto';
import { FolderObjectStore } from '../../../lib/ports/folder/folder-object-store.ts';

const [, , mode = '', folder = '', name = ''] = process.argv;
const store = new FolderObjectStore(folder);
const text = (body: Uint8Array): string => new TextDecoder().decode(body);

/** Content that shows by itself whether it is complete. */
const selfChecking = (seed: string, bytes: number): string => {
  const body = seed.repeat(Math.ceil(bytes / seed.length));
  return `${createHash('sha256').update(body).digest('hex')}\n${body}`;
};

async function* inPieces(content: string): AsyncIterable<Uint8Array> {
  for (let at = 0; at < content.length; at += 16_384) yield Buffer.from(content.slice(at, at + 16_384));
}

const modes: Readonly<Record<string, () => Promise<void>>> = {
  /** Adds 1 to the counter 25 times by compare-and-swap. */
  count: async () => {
    for (let done = 0; done < 25; ) {
      const found = await store.get('counter');
      if (found === null) throw new Error('the counter is gone');
      const next = String(Number(text(found.body)) + 1);
      if ((await store.put('counter', next, { ifMatch: found.etag })).written) done += 1;
    }
  },
  /** Tries to create each of 50 keys, and prints the keys that it won. */
  create: async () => {
    for (let index = 0; index < 50; index += 1) {
      const { written } = await store.put(`created/${index}`, name, { ifNoneMatch: '*' });
      if (written) process.stdout.write(`${index}\n`);
    }
  },
  /** Writes without pause, in every way, until it is killed. */
  churn: async () => {
    for (let round = 0; ; round += 1) {
      const seed = `${name}/${round};`;
      await store.write(`churn/streamed-${round % 7}`, inPieces(selfChecking(seed, 150_000)));
      await store.put(`churn/put-${round % 5}`, selfChecking(seed, 3_000));
      await store.put(`churn/created-${name}-${round}`, selfChecking(seed, 500), { ifNoneMatch: '*' });
      const found = await store.get('churn/put-0');
      if (found !== null) await store.put('churn/put-0', selfChecking(seed, 20_000), { ifMatch: found.etag });
      if (round === 0) process.stdout.write('going\n');
    }
  },
};

await modes[mode]?.();
