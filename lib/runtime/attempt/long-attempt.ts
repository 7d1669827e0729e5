/** The facts that one invocation of a long step knows about its attempt, which may spread over many invocations. */
import type { StepAnswer } from '../../contract/payloads.ts';
import type { Checkpoint, InvocationRank } from '../../contract/records/checkpoint.ts';
import type { LongAttempt, Work } from '../invocation.ts';
import { damageOf } from '../manifests/find-damage.ts';
import { compareRanks, readCheckpoint, supersededBy } from '../records/checkpoint.ts';

type Begun = Omit<Work, 'long' | 'standing'>;
export type Yielded = Pick<Extract<StepAnswer, { readonly yielded: object }>, 'yielded'>;

/**
 * Finds out where an invocation begins. After a yield it continues its attempt; after an error it begins a new one, from the last checkpoint of the fingerprint. If its
 * twin has already yielded, it gives the same answer. Null for steps that must finish in one invocation.
 */
export async function enterLongAttempt(work: Begun): Promise<LongAttempt | Yielded | null> {
  const { payload, fingerprint, invocation } = work;
  const { run, step, attempt, again, long } = payload;
  if (!long) return null;
  const { store, clock } = invocation.ports;
  const { yielded } = long;
  const retries = attempt - (yielded?.attempt ?? (again?.attempt ?? 0) + 1);
  const rank: InvocationRank = [run.execution, long.redrives, yielded?.yields ?? again?.entry ?? 0, retries];
  // A redrive enters the state with the old input, maybe days later: that is a new attempt.
  const before = yielded && retries === 0 && yielded.redrives === long.redrives ? yielded : null;
  const startedAt = before ? Date.parse(before.started_at) : clock.now();
  const found = isUntouched(payload) ? null : await readCheckpoint(store, run, step.name);
  const order = found ? compareRanks(found.rank, rank) : -1;
  if (found && order === 0) return yieldedAt(found);
  if (order > 0) throw supersededBy(found);
  return {
    rank,
    startedAt,
    deadline: startedAt + long.timeout_seconds * 1000,
    invocations: (before?.invocations ?? 0) + 1,
    checkpoint: found && found.fingerprint === fingerprint && (await isUsable(found, work)) ? found : null,
  };
}

/** True if neither this execution nor an earlier one can have left anything of the step, so that no search is needed. Twins meet in conditional writes. */
export function isUntouched({ run, fresh }: Work['payload']): boolean {
  return fresh && run.execution === 1;
}

/** The answer of an invocation that ended at this checkpoint. */
export function yieldedAt({ rank, attempt, attempt_started_at, invocations }: Checkpoint): Yielded {
  return {
    yielded: { yields: rank[2] + 1, redrives: rank[1], attempt, started_at: attempt_started_at, invocations },
  };
}

/** A checkpoint of an earlier execution may be old, so this checks its bytes before the step builds on them. */
async function isUsable({ rank, datasets, files }: Checkpoint, { payload, invocation }: Begun): Promise<boolean> {
  if (rank[0] === payload.run.execution) return true;
  const objects = [...Object.values(datasets).flatMap(({ parts }) => parts), ...Object.values(files)];
  for (const object of objects) if (await damageOf(invocation.ports.store, object)) return false;
  return true;
}
