import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import { type Engine, openEngine } from '../../../duckdb/open-engine.ts';
import type { Session, SessionOptions } from '../../../duckdb/session.ts';

/** The result of a statement: a file, rows, or chunks. */
type Made = Buffer | Awaited<ReturnType<Session['all']>> | readonly DuckDBDataChunk[];

/** Statements that are remembered; those of some hundred runs of small pipelines. */
const most = 10_000;

const known = new Map<string, Promise<Made>>();
let shared: Promise<Session> | null = null;
let sessions = 0;

/**
 * The process's query engine for a bench, where the same few rows are written and read in hundreds of attempts: of statements about local files each different one really runs once, and
 * what it made is remembered by its text and the bytes of the files that it reads. Everything else, such as queries of steps, runs as it always does.
 */
export async function rememberingEngine(): Promise<Pick<Engine, 'session'>> {
  const engine = await openEngine();
  shared ??= engine.session();
  const worker = await shared;
  return {
    async session(options = {}) {
      sessions += 1;
      const folder = join(engine.folder, `remembering-${sessions}`);
      mkdirSync(folder);
      return sessionIn(folder, { worker, own: new LazySession(() => engine.session(options)), options });
    },
  };
}

interface Parts {
  readonly worker: Session;
  /** For what is not remembered. */
  readonly own: LazySession;
  readonly options: SessionOptions;
}

const sessionIn = (folder: string, { worker, own, options: { signal } }: Parts): Session => {
  /** The statement with digests for its files, and the file that it makes; null when it names none. */
  const look = (sql: string): { readonly key: string; readonly target: string | undefined } | null => {
    signal?.throwIfAborted();
    let target: string | undefined;
    let files = 0;
    const key = sql.replaceAll(/'((?:[^']|'')*)'/g, (text, path: string) => {
      if (!path.startsWith(folder)) return text;
      files += 1;
      if (existsSync(path)) return createHash('sha256').update(readFileSync(path)).digest('hex');
      target = path;
      return 'new file';
    });
    return files === 0 ? null : { key, target };
  };
  const session: Pick<Session, 'folder' | 'run' | 'all' | 'stream' | 'defineView' | 'query' | 'close'> = {
    folder,
    async run(sql, running) {
      const { key, target } = look(sql) ?? {};
      if (key === undefined || target === undefined) return (await own.open()).run(sql, running);
      const bytes = await remembered(key, () => worker.run(sql, running).then(() => readFileSync(target)));
      writeFileSync(target, bytes);
    },
    async all(sql, running) {
      const found = look(sql);
      return found ? remembered(found.key, () => worker.all(sql, running)) : (await own.open()).all(sql, running);
    },
    async *stream(sql, running) {
      const found = look(sql);
      if (!found) yield* (await own.open()).stream(sql, running);
      else yield* await remembered(found.key, () => collected(worker.stream(sql, running)));
    },
    defineView: async (view) => (await own.open()).defineView(view),
    query: async (sql, parameters) => (await own.open()).query(sql, parameters),
    async close() {
      // No one waits for it: the rest goes with the process.
      rm(folder, { recursive: true, force: true }).catch(() => undefined);
      await own.close();
    },
  };
  // The members that callers use; the class itself has private fields.
  return session as Session;
};

const remembered = <T extends Made>(key: string, make: () => Promise<T>): Promise<T> => {
  const there = known.get(key);
  // A statement makes one kind of thing.
  if (there !== undefined) return there as Promise<T>;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  for (const oldest of known.keys()) {
    if (known.size <= most) break;
    known.delete(oldest);
  }
  return made;
};

/** A session that opens at its first use. */
class LazySession {
  readonly #open: () => Promise<Session>;
  #opened: Promise<Session> | null = null;

  constructor(open: () => Promise<Session>) {
    this.#open = open;
  }

  open(): Promise<Session> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async close(): Promise<void> {
    await (await this.#opened)?.close();
  }
}

const collected = async (chunks: AsyncIterable<DuckDBDataChunk>): Promise<readonly DuckDBDataChunk[]> => {
  const all: DuckDBDataChunk[] = [];
  // Readers empty each chunk when they have read it; these are read again.
  for await (const chunk of chunks) all.push(Object.create(chunk, { reset: { value: () => undefined } }));
  return all;
};
