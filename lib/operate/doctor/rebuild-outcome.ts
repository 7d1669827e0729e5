import { deadLetterKey, executionEndKey } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { blocked, committed, failed } from '../../runtime/records/outcomes.ts';
import type { Upstream } from '../../runtime/records/trigger-rule.ts';
import { recordAt } from './snapshot.ts';
import type { RecordKeyParts, Sources } from './sources.ts';

/** The outcome of a step, from its dead letter, its committed manifest, the end of the execution, or an earlier manifest that it could reuse. Null if none of them decides. */
export function rebuildOutcome({ snapshot, now }: Sources, { execution, step }: RecordKeyParts): Outcome | null {
  const ref = { ...snapshot.run, execution };
  const letter = recordAt<DeadLetter>(snapshot, deadLetterKey(ref, step));
  const end = recordAt<ExecutionEnd>(snapshot, executionEndKey(ref));
  const endedAt = letter?.failed_at ?? end?.ended_at ?? new Date(now).toISOString();
  const ending = { step, ref, attempts: letter?.attempts ?? 1, startedAt: null, endedAt };
  if (letter) return failed(ending, letter.failure);
  const own = [...snapshot.manifests.values()].filter((manifest) => manifest.step === step);
  const made = own.find((manifest) => manifest.execution === execution);
  if (made) return committed({ ...ending, startedAt: made.started_at, endedAt: made.committed_at }, made, unknown);
  if (end?.failed?.includes(step)) return failed(ending, end.failure ?? { error: 'Error', cause: '' });
  if (end?.blocked?.includes(step)) return blocked({ ...ending, attempts: 0 }, end.failed);
  const earlier = own
    .filter((manifest) => manifest.execution < execution)
    .sort(byCommit)
    .at(-1);
  return earlier ? committed({ ...ending, attempts: 0 }, earlier, unknown) : null;
}

/** The success of its ancestors stays open; Finalize then reads their outcomes. */
const unknown: Upstream = new Map([['', null]]);

const byCommit = (a: Manifest, b: Manifest): number => (a.committed_at < b.committed_at ? -1 : 1);
