/** A step's progress record: what it is doing, since when, and where its log is. What it says of the start and end of an attempt tells a crash from other ends (`count-attempts.ts`). */
import { progressKey } from '../../contract/object-keys.ts';
import type { StepProgress } from '../../contract/records/progress.ts';
import type { Work } from '../invocation.ts';
import { isoTime, overwriteJson } from '../records/json-objects.ts';

/** Often enough to watch, seldom enough to cost nothing. */
const writeEvery = 3_000;

export interface Progress {
  readonly startedAt: string;
  readonly firstStartedAt: string;
  report(done: number, total?: number | null, message?: string): Promise<void>;
  /** Leaves word that the attempt is about to be killed. */
  nearTimeOut(): Promise<void>;
}

/** Records that an attempt starts its handler. */
export async function startProgress(
  { payload: { run, step, attempt }, invocation, standing: { startedAt, earlier } }: Work,
  redact: (text: string) => string,
): Promise<Progress> {
  const { ports, invocationId, logs } = invocation;
  const { store, clock } = ports;
  const firstStartedAt = earlier?.first_started_at ?? startedAt;
  let writtenAt = clock.now();
  let facts: Pick<StepProgress, 'done' | 'total' | 'message' | 'ended'> = { done: null, total: null, message: null };
  const write = () => {
    const record: StepProgress = {
      step: step.name,
      execution: run.execution,
      attempt,
      invocation: invocationId,
      first_started_at: firstStartedAt,
      started_at: startedAt,
      updated_at: isoTime(clock.now()),
      ...facts,
      logs: logs ?? null,
    };
    return overwriteJson(store, progressKey(run, step.name), record);
  };
  await write();
  return {
    startedAt,
    firstStartedAt,
    async report(done, total = null, message) {
      if (clock.now() - writtenAt < writeEvery) return;
      writtenAt = clock.now();
      facts = { ...facts, done, total, message: message === undefined ? null : redact(message) };
      // A step does not fail because nobody could watch it.
      await write().catch(() => undefined);
    },
    async nearTimeOut() {
      facts = { ...facts, ended: 'time-out' };
      await write().catch(() => undefined);
    },
  };
}
