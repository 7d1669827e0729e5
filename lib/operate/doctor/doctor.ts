import { type RunRef, removalKey, removalsPrefix, runPrefix, runsPrefix } from '../../contract/object-keys.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { isRemoved } from '../../runtime/manifests/next-record.ts';
import { gatherBase } from '../runs/gather-base.ts';
import { examineHistory, treatHistory } from './examine-history.ts';
import { enterRun, missingEntries, readWholeIndex, type WholeIndex } from './examine-index.ts';
import { examineLeases, type LastTurn, noteTurns, rebuildLease } from './examine-leases.ts';
import { examineData, examineRecords } from './examine-run.ts';
import type { Examined, Finding, Treated } from './finding.ts';
import { rebuilders } from './rebuild.ts';
import { originalKey, setAside, setAsidePrefix } from './set-aside.ts';
import { readSnapshot, type Snapshot } from './snapshot.ts';
import { partsOfKey, type Remembered } from './sources.ts';

export interface DoctorOptions {
  readonly store: ObjectStore;
  readonly pipeline: string;
  /** One run alone; null: every run, the leases and the index. */
  readonly runId: string | null;
  readonly repair: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The executions of a run that this machine keeps, in the order of their starts. */
  readonly remembered: (run: RunRef) => Promise<readonly Remembered[]>;
}

export interface Diagnosis extends Examined {
  /** After a repair, each with what was done. */
  readonly findings: readonly (Finding | Treated)[];
}

/**
 * Reads every record of a pipeline and every byte that its manifests name, and finds everything that differs from what was written. A repair rebuilds records from
 * others, and sets aside records that it cannot rebuild. It deletes nothing without a copy, and never touches data.
 */
export async function examine(options: DoctorOptions): Promise<Diagnosis> {
  const { store, pipeline, runId } = options;
  const index = await readWholeIndex(store, pipeline);
  const aside = new Set<string>();
  for await (const { key } of store.list(setAsidePrefix(pipeline))) aside.add(originalKey(key));
  const removals = new Set<string>();
  for await (const { key } of store.list(removalsPrefix(pipeline))) removals.add(key);
  const turns = new Map<string, LastTurn>();
  const totals = { records: 0, objects: 0, bytes: 0 };
  const findings: (Finding | Treated)[] = [];
  for await (const { run, objects } of runsOf(store, pipeline, runId)) {
    // The next prune finishes it.
    if (removals.has(removalKey(run)) && (await isRemoved(store, run))) continue;
    const snapshot = await readSnapshot(store, run, objects);
    const data = await examineData(store, snapshot);
    const found = [...examineRecords(snapshot, (key) => aside.has(key)), ...data.findings];
    found.push(...missingEntries(snapshot, index));
    totals.records += snapshot.intact.size + snapshot.manifests.size + snapshot.faults.size;
    totals.objects += data.objects;
    totals.bytes += data.bytes;
    findings.push(...(options.repair ? await treatRun(snapshot, found, { index, options }) : found));
    noteTurns(turns, snapshot);
  }
  if (runId === null) {
    const leases = await examineLeases(store, pipeline, turns);
    findings.push(...(options.repair ? await treatLeases(leases, turns, options) : leases));
    findings.push(...(options.repair ? await treatIndex(index, options) : index.findings));
    const history = await examineHistory(store, pipeline);
    findings.push(...(options.repair ? await treatHistory(history, store, options.now) : history));
  }
  return { ...totals, findings };
}

interface Treating {
  readonly index: WholeIndex;
  readonly options: DoctorOptions;
}

/** Later kinds are made from earlier ones. */
const order = Object.keys(rebuilders);

async function treatRun(
  snapshot: Snapshot,
  findings: readonly Finding[],
  { index, options }: Treating,
): Promise<Treated[]> {
  const { store, now } = options;
  const listed = index.runs.get(snapshot.run.run_id) ?? [];
  const remembered = findings.length > 0 ? await options.remembered(snapshot.run) : [];
  const sources = { snapshot, listed, remembered, now };
  const treated: Treated[] = [];
  const inOrder = findings.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  for (const finding of inOrder) {
    if (finding.kind === 'data') treated.push({ ...finding, action: 'run again' });
    else if (finding.kind === 'index') treated.push({ ...finding, action: 'entered' });
    else {
      const instead = rebuilders[finding.kind]?.(sources, partsOfKey(finding.key)) ?? null;
      await setAside(store, finding.key, { instead, now });
      if (instead) snapshot.intact.set(finding.key, instead);
      const gone = finding.kind === 'manifest' ? 'run again' : 'set aside';
      treated.push({ ...finding, action: instead ? 'rebuilt' : gone });
    }
  }
  if (inOrder.some(({ kind }) => kind === 'index')) await enterRun(store, snapshot);
  return treated;
}

async function treatLeases(
  findings: readonly Finding[],
  turns: ReadonlyMap<string, LastTurn>,
  { store, now }: DoctorOptions,
): Promise<Treated[]> {
  for (const { key } of findings) await setAside(store, key, { instead: rebuildLease(key, turns), now });
  return findings.map((finding) => ({ ...finding, action: 'rebuilt' }));
}

async function treatIndex({ findings }: WholeIndex, { store, pipeline, now }: DoctorOptions): Promise<Treated[]> {
  for (const { key } of findings) await setAside(store, key, { instead: await gatherBase(store, pipeline), now });
  return findings.map((finding) => ({ ...finding, action: 'rebuilt' }));
}

interface ListedRun {
  readonly run: RunRef;
  readonly objects: ReadonlyMap<string, number>;
}

/** The runs one by one, with their objects. A listing is in the order of keys, so the keys of a run follow each other. */
async function* runsOf(store: ObjectStore, pipeline: string, runId: string | null): AsyncGenerator<ListedRun> {
  const prefix = runsPrefix(pipeline);
  let objects = new Map<string, number>();
  let last = '';
  const listed = runId === null ? prefix : runPrefix({ pipeline, run_id: runId });
  for await (const { key, bytes } of store.list(listed)) {
    const run_id = key.slice(prefix.length).split('/', 1)[0] ?? '';
    if (run_id !== last && objects.size > 0) {
      yield { run: { pipeline, run_id: last }, objects };
      objects = new Map();
    }
    last = run_id;
    objects.set(key, bytes);
  }
  if (objects.size > 0) yield { run: { pipeline, run_id: last }, objects };
}
