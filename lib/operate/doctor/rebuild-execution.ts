import { deadLettersPrefix, executionKey, runKey } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import { trialOf } from '../../runtime/execution/handed-on.ts';
import { isoTime } from '../../runtime/records/json-objects.ts';
import { executionNumbers, outcomesOf } from './examine-run.ts';
import { recordAt, type Snapshot } from './snapshot.ts';
import type { RecordKeyParts, Remembered, Sources } from './sources.ts';

/** The record of an execution, from its dead letters, the run, its neighbours, its manifests and this machine's own notes. A name that none of them has is `unknown`. */
export function rebuildExecution(sources: Sources, { execution }: RecordKeyParts): ExecutionRecord {
  const { snapshot, listed, now } = sources;
  const at = (number: number) =>
    recordAt<ExecutionRecord>(snapshot, executionKey({ ...snapshot.run, execution: number }));
  const run = recordAt<RunRecord>(snapshot, runKey(snapshot.run));
  const letter = letterOf(snapshot, execution);
  const kept = rememberedOf(sources, execution);
  const [before, after] = [at(execution - 1), at(execution + 1)];
  const begun = outcomesOf(snapshot, execution).flatMap(({ started_at }) => started_at ?? []);
  const entry = listed.find((one) => one.execution === execution);
  const salts = saltsOf(snapshot, execution, { before, after });
  const input = (execution === 1 ? run?.input : null) ?? letter?.input ?? before?.input ?? run?.input;
  return {
    execution,
    execution_arn: letter?.execution_arn ?? kept?.arn ?? before?.execution_arn ?? 'unknown',
    redrive_count: letter || kept || !before ? 0 : before.redrive_count + 1,
    started_at: kept?.started_at ?? entry?.listed_at ?? begun.sort()[0] ?? run?.created_at ?? isoTime(now),
    // Without a version it would count as an execution that died before Prepare.
    version: begun.length > 0 || letter || run ? before?.version || after?.version || 'unknown' : '',
    ...(run?.partition && { partition: run.partition }),
    input: input ?? withoutReserved(kept?.input) ?? {},
    ...(Object.keys(salts).length > 0 && { salts }),
    ...trialOf([before, after].flatMap((record) => record ?? [])),
  };
}

function letterOf({ run, intact }: Snapshot, execution: number): DeadLetter | undefined {
  const prefix = deadLettersPrefix({ ...run, execution });
  return [...intact].find(([key]) => key.startsWith(prefix))?.[1] as DeadLetter | undefined;
}

/** The execution on this machine that no other record of the run describes. */
function rememberedOf({ snapshot, remembered }: Sources, execution: number): Remembered | undefined {
  const numbers = executionNumbers(snapshot);
  const known = numbers.map((number) =>
    recordAt<ExecutionRecord>(snapshot, executionKey({ ...snapshot.run, execution: number })),
  );
  const arns = new Set(known.flatMap((record) => record?.execution_arn ?? []));
  const lost = numbers.filter((_, index) => known[index] === null);
  return remembered.filter(({ arn }) => !arns.has(arn))[lost.indexOf(execution)];
}

type Neighbour = ExecutionRecord | null;

/** Each execution takes over the salts of the one before it, and manifests contain them. */
function saltsOf(
  { manifests }: Snapshot,
  execution: number,
  { before, after }: { readonly before: Neighbour; readonly after: Neighbour },
): Record<string, string> {
  const later = Object.entries(after?.salts ?? {}).filter(([, salt]) => Number(salt) <= execution);
  const made = [...manifests.values()].flatMap(({ step, execution: number, made_of: { salt } }) =>
    number === execution && salt !== undefined ? [[step, salt] as const] : [],
  );
  return { ...before?.salts, ...Object.fromEntries(later), ...Object.fromEntries(made) };
}

function withoutReserved(input: ExecutionRecord['input'] | undefined): ExecutionRecord['input'] | undefined {
  if (!input) return undefined;
  const { daybreak: _reserved, ...rest } = input;
  return rest;
}
