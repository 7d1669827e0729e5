/** A step's view of its dependencies: the results, datasets and files that their outcomes carry or name. */
import { createHash } from 'node:crypto';
import { PermanentError, PlatformError } from '../../contract/errors.ts';
import type { Json } from '../../contract/json.ts';
import type { DatasetEntry } from '../../contract/records/dataset.ts';
import type { Made, Outcome } from '../../contract/records/outcome.ts';
import { readColumns } from '../../data/read/read-columns.ts';
import { readRows } from '../../data/read/read-rows.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import type { Work } from '../invocation.ts';
import { readManifest } from '../manifests/manifest.ts';
import type { Step } from '../step.ts';
import type { HandlerSessions } from './handler-sessions.ts';
import { LazyQuery } from './step-query.ts';
import { type QueryableDataset, UpstreamSql } from './upstream-sql.ts';

/** A step's dependencies, and the queries over their datasets. */
export interface UpstreamData extends Pick<Step, 'result' | 'rows' | 'columns' | 'sql' | 'readFile'> {
  readonly queries: UpstreamSql;
}

/** The name of a nameless query is the beginning of its text, long enough to find it. In characters. */
const longestName = 80;

/** Reads the dependencies' results, datasets and files from their outcomes, or from the manifests that the outcomes name. Each is whole and of one attempt. */
export async function openUpstream(
  { payload: { step }, upstream, invocation }: Work,
  sessions: HandlerSessions,
): Promise<UpstreamData> {
  const { store } = invocation.ports;
  const manifests = new Map(
    await Promise.all([...upstream].map(async ([name, outcome]) => [name, await load(store, outcome)] as const)),
  );
  const manifestOf = (name: string): Made | null => {
    const manifest = manifests.get(name);
    if (manifest !== undefined) return manifest;
    const declared = step.dependencies.join(', ') || 'none';
    throw new PermanentError(`"${name}" is not a dependency of step ${step.name}; declared: ${declared}`);
  };
  const find = <T>(kind: 'datasets' | 'files', owner: string, name: string): T => {
    const manifest = manifestOf(owner);
    if (!manifest)
      throw new PermanentError(`step ${owner} has no ${kind}: it ended as ${upstream.get(owner)?.outcome ?? 'failed'}`);
    const entries = manifest[kind] as Readonly<Record<string, T>>;
    if (Object.hasOwn(entries, name)) return entries[name] as T;
    throw new PermanentError(
      `step ${owner} has no "${name}" among its ${kind}: ${Object.keys(entries).join(', ') || 'none'}`,
    );
  };
  const datasetOf = (method: string, name: string): DatasetEntry => {
    const [owner = '', ...rest] = name.split('.');
    if (rest.length !== 1) throw new PermanentError(`${method}() takes "step.dataset", not ${JSON.stringify(name)}`);
    const entry = find<DatasetEntry>('datasets', owner, rest.join('.'));
    return readable(entry, name);
  };
  const queries = new UpstreamSql(sessions, [...manifests].flatMap(queryable));
  return {
    result<T = Json | undefined>(name: string): T {
      // The author's word for what that step returns.
      return structuredClone(manifestOf(name)?.result) as T;
    },
    rows<T>(dataset: string, options: { readonly batchSize?: number } = {}): AsyncIterable<T[]> {
      const entry = datasetOf('rows', dataset);
      return reopened(async () => readRows(await sessions.readSession(), entry, options) as AsyncIterable<T[]>);
    },
    columns(dataset) {
      const entry = datasetOf('columns', dataset);
      return reopened(async () => readColumns(await sessions.readSession(), entry));
    },
    sql(text, parameters = {}, options = {}) {
      const name = options.name ?? shortened(text);
      return new LazyQuery(
        () => queries.open({ name, text, finite: options.finite ?? false }, parameters),
        sessions.signal,
      );
    },
    queries,
    async readFile(owner, name) {
      const { key, sha256 } = find<Made['files'][string]>('files', owner, name);
      const found = await store.get(key);
      if (!found) throw new PlatformError(`${store.url}/${key} is in the manifest of ${owner}, but not in the store`);
      if (createHash('sha256').update(found.body).digest('hex') !== sha256)
        throw new PlatformError(`${store.url}/${key} is damaged: its SHA-256 is not that of the written bytes`);
      return Buffer.from(found.body);
    },
  };
}

async function load(store: ObjectStore, outcome: Outcome | null): Promise<Made | null> {
  const { manifest: key = null, made } = outcome ?? {};
  if (made || key === null) return made ?? null;
  const manifest = await readManifest(store, key);
  if (!manifest) throw new PlatformError(`${store.url}/${key} is named by an outcome, but is not in the store`);
  return manifest;
}

const shortened = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > longestName ? `${line.slice(0, longestName)}...` : line;
};

const queryable = ([step, manifest]: readonly [string, Made | null]): QueryableDataset[] =>
  Object.entries(manifest?.datasets ?? {}).map(([dataset, entry]) => ({
    step,
    dataset,
    get entry() {
      return readable(entry, `${step}.${dataset}`);
    },
  }));

/** Only an execution that was under way while its functions were replaced meets another format: fingerprints tell the versions apart. */
const readable = (entry: DatasetEntry, name: string): DatasetEntry => {
  if (entry.format === 'parquet') return entry;
  throw new PermanentError(
    `dataset "${name}" is ${JSON.stringify(entry.format)}, which an earlier version of Daybreak wrote, and not Parquet: resume the run, and its step makes it again`,
  );
};

/** An iterable that opens its source again for each iteration. */
function reopened<T>(open: () => Promise<AsyncIterable<T>>): AsyncIterable<T> {
  return {
    async *[Symbol.asyncIterator]() {
      yield* await open();
    },
  };
}
