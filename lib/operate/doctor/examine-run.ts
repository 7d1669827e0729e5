import {
  deadLetterKey,
  executionEndKey,
  executionKey,
  executionsPrefix,
  outcomeKey,
  outcomesPrefix,
  runKey,
} from '../../contract/object-keys.ts';
import type { Checkpoint } from '../../contract/records/checkpoint.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { recordKindOf } from '../../contract/records/record-shapes.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { damageOf } from '../../runtime/manifests/find-damage.ts';
import { eachOf } from '../../runtime/records/each-of.ts';
import type { Finding } from './finding.ts';
import { isManifest, recordAt, type Snapshot } from './snapshot.ts';

/** Objects that are read at the same time. */
const width = 4;

/** Finds all damage in the records of a run. `wasSetAside` tells keys that an earlier repair took away. */
export function examineRecords(snapshot: Snapshot, wasSetAside: (key: string) => boolean): Finding[] {
  const broken = [...snapshot.faults].map(([key, fault]) => ({ key, kind: kindOf(key), fault }));
  const missing = [...missingRecords(snapshot)].filter(({ key }) => !snapshot.objects.has(key) && !wasSetAside(key));
  return [...broken, ...missing];
}

const kindOf = (key: string): string => (isManifest(key) ? 'manifest' : (recordKindOf(key)?.name ?? 'record'));

/** Records that others say must be there. */
function* missingRecords(snapshot: Snapshot): Generator<Finding> {
  const { run } = snapshot;
  const numbers = executionNumbers(snapshot);
  // A trial owes no letters for the executions of its original.
  const takenOver = recordAt<RunRecord>(snapshot, runKey(run))?.origin?.executions ?? 0;
  for (let execution = 1; execution <= Math.max(0, ...numbers); execution++)
    yield { key: executionKey({ ...run, execution }), kind: 'execution', fault: 'it is missing' };
  for (const execution of numbers) {
    const ref = { ...run, execution };
    if (recordAt<ExecutionRecord>(snapshot, executionKey(ref))?.version)
      yield { key: runKey(run), kind: 'run', fault: 'it is missing' };
    for (const outcome of outcomesOf(snapshot, execution)) {
      if (outcome.manifest)
        yield {
          key: outcome.manifest,
          kind: 'manifest',
          fault: `it is missing, and ${outcomeKey(ref, outcome.step)} names it`,
        };
      if (outcome.outcome === 'failed' && execution > takenOver && snapshot.objects.has(executionEndKey(ref)))
        yield { key: deadLetterKey(ref, outcome.step), kind: 'dead letter', fault: 'it is missing' };
    }
  }
}

/** Numbers of the executions that have any record, ascending. */
export function executionNumbers({ run, objects }: Snapshot): number[] {
  const prefix = executionsPrefix(run);
  const numbers = [...objects.keys()].flatMap((key) =>
    key.startsWith(prefix) ? Number(/^([1-9]\d{0,8})[./]/.exec(key.slice(prefix.length))?.[1] ?? 0) : [],
  );
  return [...new Set(numbers)].filter((number) => number > 0).sort((a, b) => a - b);
}

/** The intact outcomes of an execution. */
export function outcomesOf(snapshot: Snapshot, execution: number): Outcome[] {
  const prefix = outcomesPrefix({ ...snapshot.run, execution });
  return [...snapshot.intact].flatMap(([key, document]) => (key.startsWith(prefix) ? [document as Outcome] : []));
}

interface Promised {
  readonly key: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** Reads every byte that the manifests and checkpoints of a run name. */
export async function examineData(
  store: ObjectStore,
  snapshot: Snapshot,
): Promise<{ readonly findings: readonly Finding[]; readonly objects: number; readonly bytes: number }> {
  const promised = new Map<string, Promised>();
  const holders = [...snapshot.manifests.values(), ...checkpointsOf(snapshot)];
  for (const { datasets, files } of holders)
    for (const one of [...Object.values(datasets).flatMap(({ parts }) => parts), ...Object.values(files)])
      promised.set(one.key, one);
  const findings: Finding[] = [];
  await eachOf([...promised.values()], width, async (one) => {
    const damage = await damageOf(store, one);
    if (damage === null) return;
    const fault = damage === 'missing' ? 'it is missing' : 'its SHA-256 is not that of the written bytes';
    findings.push({ key: one.key, kind: 'data', fault });
  });
  const bytes = [...promised.values()].reduce((sum, one) => sum + one.bytes, 0);
  return { findings, objects: promised.size, bytes };
}

function checkpointsOf({ intact }: Snapshot): Pick<Manifest, 'datasets' | 'files'>[] {
  return [...intact].flatMap(([key, document]) =>
    key.endsWith('/checkpoint.json') ? [document as unknown as Checkpoint & Pick<Manifest, 'datasets'>] : [],
  );
}
