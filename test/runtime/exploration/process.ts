/**
 * A program whose every operation on the world is a scheduling point. Between two operations a process depends only on the answers that it has got, so its
 * real code is run once per distinct series of answers, and the explorer then moves through the results.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { setImmediate as macrotask } from 'node:timers/promises';
import { PlatformError } from '../../../lib/contract/errors.ts';
import type { ObjectStore, PutOptions, StoredObject, TaskTokens } from '../../../lib/ports/ports.ts';

export type Operation =
  | { readonly kind: 'get'; readonly key: string }
  | {
      readonly kind: 'put';
      readonly key: string;
      readonly body: string;
      readonly ifNoneMatch?: '*';
      readonly ifMatch?: string;
    }
  | { readonly kind: 'list'; readonly prefix: string }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'succeed'; readonly token: string };

/** An answer as text: compared, and part of states. `lost`: the operation may have been done, its answer never came. */
export type Answer = { readonly value: string | boolean | null } | { readonly lost: true };

export type Program = (ports: { readonly store: ObjectStore; readonly tokens: TaskTokens }) => Promise<unknown>;

interface Pending {
  readonly index: number;
  readonly operation: Operation;
}

/** The position of a process: the operations that it waits for, or its end. */
export interface Point {
  /** Equal for equal answers, in any order of requests that were made together: code that waits for all of them cannot tell the order. */
  readonly id: number;
  readonly pending: readonly Pending[];
  readonly end: { readonly value: unknown } | { readonly error: Error } | null;
  /** Answers so far: position in the order of requests, and answer. */
  readonly history: readonly (readonly [number, Answer])[];
  readonly next: Map<string, Point>;
}

/** Answers that no process decides on need no scheduling point: advisory records, and the index, which only commands read. */
const isAside = (key: string): boolean => key.endsWith('/progress.json') || key.includes('/index/');

/** Finds where a program stands after each series of answers, running the real code for each series that is new. */
export class Programs {
  readonly #programs: Readonly<Record<string, Program>>;
  readonly #points = new Map<string, Point>();
  readonly #unobserved: (key: string) => boolean;

  /** `unobserved`: keys of further records whose answers no process decides on here. */
  constructor(programs: Readonly<Record<string, Program>>, unobserved: (key: string) => boolean = () => false) {
    this.#programs = programs;
    this.#unobserved = (key) => isAside(key) || unobserved(key);
  }

  start = (name: string): Point | Promise<Point> => this.#points.get(`${name}[]`) ?? this.#run(name, []);

  answer(name: string, point: Point, index: number, answer: Answer): Point | Promise<Point> {
    const edge = `${index}=${JSON.stringify(answer)}`;
    const known = point.next.get(edge);
    if (known) return known;
    return this.#run(name, [...point.history, [index, answer]]).then((found) => {
      point.next.set(edge, found);
      return found;
    });
  }

  async #run(name: string, history: Point['history']): Promise<Point> {
    const program = this.#programs[name];
    if (!program) throw new Error(`no program ${name}`);
    const reached = await replay(program, history, this.#unobserved);
    const key = name + JSON.stringify([...history].sort(([a], [b]) => a - b));
    const known = this.#points.get(key);
    if (!known) {
      const point = { id: this.#points.size, history, next: new Map(), ...reached };
      this.#points.set(key, point);
      return point;
    }
    if (JSON.stringify(known.pending) !== JSON.stringify(reached.pending)) {
      throw new Error(`${name} depends on the order in which requests that it made together are answered`);
    }
    return known;
  }
}

/** Runs the program from its start, gives it the answers, and sees where it comes to rest. */
async function replay(
  program: Program,
  history: Point['history'],
  unobserved: (key: string) => boolean,
): Promise<Pick<Point, 'pending' | 'end'>> {
  const waiting = new Map<number, { readonly operation: Operation; readonly answer: (answer: Answer) => void }>();
  let requests = 0;
  const request = <T>(operation: Operation): Promise<T> => {
    if ('key' in operation && unobserved(operation.key))
      return Promise.resolve((operation.kind === 'get' ? null : true) as T);
    return new Promise((resolve, reject) => {
      const answer = (given: Answer) =>
        'lost' in given ? reject(new PlatformError('no answer')) : resolve(given.value as T);
      waiting.set(requests++, { operation, answer });
    });
  };
  const found: { end: Point['end'] } = { end: null };
  const rest = async (): Promise<void> => {
    // Other threads read and write files, and macrotasks do not wait for them.
    for (let quiet = 0; quiet < 2; quiet += 1) {
      await macrotask();
      if (process.getActiveResourcesInfo().some((one) => /^(FSReq|CloseReq)/.test(one))) quiet = -1;
    }
  };
  program({ store: storeOf(request), tokens: tokensOf(request) }).then(
    (value) => (found.end = { value }),
    (error: Error) => (found.end = { error }),
  );
  await rest();
  for (const [index, answer] of history) {
    const asked = waiting.get(index);
    if (!asked) throw new Error(`a process is not deterministic: it did not ask operation ${index} again`);
    waiting.delete(index);
    asked.answer(answer);
    await rest();
  }
  return { end: found.end, pending: [...waiting].map(([index, { operation }]) => ({ index, operation })) };
}

type Request = <T>(operation: Operation) => Promise<T>;

const tokensOf = (request: Request): TaskTokens => ({
  succeed: async (token) => ((await request<boolean>({ kind: 'succeed', token })) ? 'delivered' : 'gone'),
});

async function* chunks(body: Uint8Array): AsyncIterable<Uint8Array> {
  yield body;
}

/** An object's etag is its content, as on S3. A file is kept as base64. */
function storeOf(request: Request): ObjectStore {
  const get = async (key: string): Promise<StoredObject | null> => {
    const text = await request<string | null>({ kind: 'get', key });
    return text === null ? null : { body: Buffer.from(text), etag: text };
  };
  return {
    url: 'explored:///',
    get,
    async put(key: string, body: Uint8Array | string, { ifNoneMatch, ifMatch }: PutOptions = {}) {
      const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
      const condition = { ...(ifNoneMatch && { ifNoneMatch }), ...(ifMatch !== undefined && { ifMatch }) };
      const written = await request<boolean>({ kind: 'put', key, body: text, ...condition });
      return written ? { written, etag: text } : { written };
    },
    async *list(prefix) {
      const keys = JSON.parse(await request<string>({ kind: 'list', prefix })) as string[];
      for (const key of keys) yield { key, bytes: 0 };
    },
    async read(key) {
      const found = await get(key);
      return found && chunks(found.body);
    },
    async write() {
      throw new Error('this operation is not part of the explored protocols');
    },
    async upload(key, file) {
      await request<boolean>({ kind: 'put', key, body: await readFile(file, 'base64') });
    },
    async download(key, file) {
      const text = await request<string | null>({ kind: 'get', key });
      if (text !== null) await writeFile(file, text, 'base64');
      return text !== null;
    },
    async delete(key) {
      await request<boolean>({ kind: 'delete', key });
    },
  };
}
