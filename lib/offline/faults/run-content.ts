import { executionEndKey, outcomesPrefix, type RunRef } from '../../contract/object-keys.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { FetchedDatasets } from '../../data/read/fetched-datasets.ts';
import type { ReadSession } from '../../data/read/read-chunks.ts';
import { readRows } from '../../data/read/read-rows.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readExecutions } from '../../runtime/records/execution-number.ts';
import { readJson } from '../../runtime/records/json-objects.ts';
import { rememberingEngine } from './world/remembering-engine.ts';

/** The content of one step that a reader finds: exactly what its settled outcome names. */
export interface StepContent {
  readonly outcome: Outcome['outcome'];
  /** By `result`, `dataset <name>` and `file <name>`: text that is equal for equal content, rows one per line. */
  readonly parts: ReadonlyMap<string, string>;
}

/** Everything that the last execution of a run that succeeded shows to its readers, by step. */
export async function readContent(store: ObjectStore, run: RunRef): Promise<Map<string, StepContent>> {
  const execution = await lastSuccess(store, run);
  const content = new Map<string, StepContent>();
  const session = await (await rememberingEngine()).session();
  const reading = { session, fetched: new FetchedDatasets(store, { folder: session.folder }) };
  try {
    for await (const { key } of store.list(outcomesPrefix({ ...run, execution }))) {
      const outcome = await readJson<Outcome>(store, key);
      if (!outcome) continue;
      content.set(outcome.step, { outcome: outcome.outcome, parts: await partsOf(store, outcome, reading) });
    }
    return content;
  } finally {
    await session.close();
  }
}

/** A late Prepare or Reconcile of an execution that is over takes a number after it, and runs nothing. */
async function lastSuccess(store: ObjectStore, run: RunRef): Promise<number> {
  for (const { execution } of (await readExecutions(store, run)).toReversed()) {
    const end = await readJson<ExecutionEnd>(store, executionEndKey({ ...run, execution }));
    if (end?.status === 'SUCCEEDED') return execution;
  }
  return 0;
}

async function partsOf(
  store: ObjectStore,
  { manifest: key }: Outcome,
  reading: ReadSession,
): Promise<Map<string, string>> {
  const parts = new Map<string, string>();
  const manifest = key === null ? null : await readJson<Manifest>(store, key);
  if (!manifest) return parts;
  parts.set('result', JSON.stringify(manifest.result));
  for (const [name, entry] of Object.entries(manifest.datasets)) {
    const lines = [`${entry.rows} rows ${entry.content_digest} ${JSON.stringify(entry.columns)}`];
    for await (const batch of readRows(reading, entry)) for (const row of batch) lines.push(lineOf(row));
    parts.set(`dataset ${name}`, lines.join('\n'));
  }
  for (const [name, file] of Object.entries(manifest.files)) {
    const found = await store.get(file.key);
    parts.set(`file ${name}`, found ? Buffer.from(found.body).toString('base64') : 'missing');
  }
  return parts;
}

const lineOf = (row: unknown): string =>
  JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

/** The differences between two contents, in words. Parts in `except` (`<step> <part>`) are not compared. */
export function differences(
  expected: ReadonlyMap<string, StepContent>,
  found: ReadonlyMap<string, StepContent>,
  except: ReadonlySet<string> = new Set(),
): string[] {
  const names = new Set([...expected.keys(), ...found.keys()]);
  return [...names].flatMap((step) => {
    const [right, left] = [expected.get(step), found.get(step)];
    if (!right || !left) return [`step ${step} is ${right ? 'missing' : 'there, but not in a run without faults'}`];
    const parts = new Set([...right.parts.keys(), ...left.parts.keys()]);
    return [...parts]
      .filter((part) => !except.has(`${step} ${part}`) && right.parts.get(part) !== left.parts.get(part))
      .map((part) => `${step} ${part}: ${firstDifference(right.parts.get(part), left.parts.get(part))}`);
  });
}

function firstDifference(expected: string | undefined, found: string | undefined): string {
  if (expected === undefined || found === undefined) return expected === undefined ? 'is too much' : 'is missing';
  const [right, left] = [expected.split('\n'), found.split('\n')];
  const at = right.findIndex((line, index) => line !== left[index]);
  const line = at === -1 ? right.length : at;
  return `line ${line} is ${brief(left[line])} instead of ${brief(right[line])}`;
}

const brief = (line: string | undefined): string => (line === undefined ? 'not there' : line.slice(0, 160));
