import { errorNames } from '../../contract/error-names.ts';
import { executionEndKey, executionKey, wholeExecution } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { RunRecord } from '../../contract/records/run.ts';
import { runIdentity } from '../../runtime/execution/run-identity.ts';
import { makeDeadLetter } from '../../runtime/records/dead-letter.ts';
import { isoTime } from '../../runtime/records/json-objects.ts';
import { outcomesOf } from './examine-run.ts';
import { rebuildExecution } from './rebuild-execution.ts';
import { rebuildOutcome } from './rebuild-outcome.ts';
import { recordAt } from './snapshot.ts';
import type { RecordKeyParts, Sources } from './sources.ts';

type Rebuild = (sources: Sources, parts: RecordKeyParts) => object | null;

/** Per kind of record, the function that rebuilds it from others. The order counts: later kinds need earlier ones. Null if no record is left to rebuild it from. */
export const rebuilders: Readonly<Record<string, Rebuild>> = {
  run: rebuildRun,
  execution: rebuildExecution,
  outcome: rebuildOutcome,
  end: rebuildEnd,
  'dead letter': rebuildLetter,
  dismissal: ({ now }) => ({ reason: 'unknown: its record was damaged', dismissed_at: isoTime(now) }),
  'mark of a sent letter': ({ snapshot: { run }, now }, { execution, step }) => ({
    id: `${run.pipeline}/${run.run_id}/${execution}/${step}`,
    sent_at: isoTime(now),
  }),
  // The mark follows the effect, so the effect is done.
  'mark of an effect': ({ now }) => ({ key: null, done_at: isoTime(now), execution: null, attempt: null }),
};

function rebuildRun({ snapshot }: Sources): RunRecord | null {
  const { run } = snapshot;
  const first = recordAt<ExecutionRecord>(snapshot, executionKey({ ...run, execution: 1 }));
  if (!first) return null;
  const { scheduled_time } = runIdentity(run.pipeline, run.run_id, { daybreak: { run_id: run.run_id } });
  const { run_id, pipeline } = run;
  return { run_id, pipeline, created_at: first.started_at, input: first.input, scheduled_time };
}

function rebuildEnd({ snapshot, listed, now }: Sources, { execution }: RecordKeyParts): ExecutionEnd {
  const outcomes = outcomesOf(snapshot, execution);
  const namesOf = (kind: string) => outcomes.filter(({ outcome }) => outcome === kind).map(({ step }) => step);
  const [failed, blocked] = [namesOf('failed'), namesOf('blocked')];
  const known = listed.find((one) => one.execution === execution && one.end)?.end;
  const derived = failed.length + blocked.length > 0 ? 'FAILED' : outcomes.length > 0 ? 'SUCCEEDED' : 'ABORTED';
  const status = known?.status ?? derived;
  const last = outcomes
    .map(({ ended_at }) => ended_at)
    .sort()
    .at(-1);
  const cause = 'The record of how the execution ended was damaged. This one is made from the outcomes of its steps.';
  const failure = { error: errorNames.pipelineFailed, cause };
  const ended_at = known?.ended_at ?? last ?? isoTime(now);
  return { execution, status, ended_at, failed, blocked, failure: status === 'SUCCEEDED' ? null : failure };
}

function rebuildLetter({ snapshot }: Sources, { execution, step }: RecordKeyParts): DeadLetter | null {
  const { run } = snapshot;
  const ref = { ...run, execution };
  const record = recordAt<ExecutionRecord>(snapshot, executionKey(ref));
  const end = recordAt<ExecutionEnd>(snapshot, executionEndKey(ref));
  const outcome = outcomesOf(snapshot, execution).find((one) => one.step === step);
  const failure = step === wholeExecution ? end?.failure : outcome?.failure;
  if (!record || !failure) return null;
  return makeDeadLetter(
    { ...run, ...record, scheduled_time: null },
    {
      step,
      severity: 'medium',
      failure,
      attempts: outcome?.attempts ?? 1,
      failed_at: outcome?.ended_at ?? end?.ended_at ?? record.started_at,
      input: record.input,
      upstream_manifests: {},
      logs: null,
      recorded_by: 'reconcile',
    },
  );
}
