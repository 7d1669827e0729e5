import { errorNames } from '../../contract/error-names.ts';
import { PlatformError } from '../../contract/errors.ts';
import { manifestKey } from '../../contract/object-keys.ts';
import {
  type RecordFailureEvent,
  type RecordFailureResult,
  type RunContext,
  recordFailureEvent,
} from '../../contract/payloads.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import { type RecordFailurePayload, resolveFailure } from '../../contract/resolve-event.ts';
import type { Ports as RuntimePorts } from '../../ports/from-environment.ts';
import type { DeadLetterQueue, ObjectStore } from '../../ports/ports.ts';
import { audible } from '../events/audible.ts';
import { outcomeEvents } from '../events/step-events.ts';
import { tell } from '../events/tell.ts';
import { parseManifest } from '../manifests/manifest.ts';
import { readAttempts } from '../records/attempts.ts';
import { deliverLetter, factsOf, manifestsOf, readProgress } from '../records/dead-letter.ts';
import { executionInput } from '../records/execution-input.ts';
import { isoTime } from '../records/json-objects.ts';
import { blocked, committed, type Ending, failed, skipped } from '../records/outcomes.ts';
import { readFailure } from '../records/read-failure.ts';
import { type Before, readUpstream } from '../records/read-upstream.ts';
import { readOutcome, settle, unlessDamaged } from '../records/settle.ts';
import { signal } from '../records/signal.ts';
import { stepFingerprint } from '../records/step-fingerprint.ts';
import { decide, type Upstream } from '../records/trigger-rule.ts';
import { type PlatformBody, withQueue } from './platform-handler.ts';

type Ports = Pick<RuntimePorts, 'store' | 'tokens' | 'clock' | 'events'> & {
  readonly queue: Pick<DeadLetterQueue, 'send'>;
};

export const recordFailureBody: PlatformBody<RecordFailureEvent, RecordFailureResult> = {
  event: recordFailureEvent,
  run: (event, ports, steps) => recordFailure(resolveFailure(event, steps), withQueue(ports)),
};

/**
 * Settles a step whose state ended with an error, wakes the steps that wait for it, and sends a dead letter if it failed. The step may have committed and died after that, so
 * this looks for its manifest first; and an outcome that was settled before holds.
 * A damaged outcome ends nothing here, since the machine would repeat this for hours: a step after it has failed, with the record's name as its error.
 */
export async function recordFailure(payload: RecordFailurePayload, ports: Ports): Promise<RecordFailureResult> {
  const { run, step } = payload;
  const before = await unlessDamaged(() => readUpstream(ports.store, run, step), null);
  const settled = await unlessDamaged(
    async () =>
      (await readOutcome(ports.store, run, step.name)) ??
      (await settle(ports.store, run, await propose(payload, before, ports))),
    null,
  );
  // Before the letter: a queue that does not answer must not hold up the steps that wait.
  await Promise.all([
    signal(ports, run, step),
    settled && tell(audible(ports, run), () => outcomeEvents(run, settled, { severity: step.severity })),
  ]);
  // Finalize fails with the name of the damaged outcome.
  if (!settled) return { outcome: 'failed' };
  if (settled.outcome === 'failed')
    await sendLetter(payload, { settled, upstream: before?.upstream ?? new Map() }, ports);
  return { outcome: settled.outcome };
}

async function propose(
  payload: RecordFailurePayload,
  before: Before | null,
  { store, clock }: Ports,
): Promise<Outcome> {
  const { run, step, failure, attempts } = payload;
  const ending: Ending = {
    step: step.name,
    ref: run,
    carried: before?.carried ?? [],
    // An attempt that found the budget used up did not run.
    attempts:
      failure.Error === errorNames.exhausted ? ((await lastCounted(store, run, step.name)) ?? attempts) : attempts,
    startedAt: (await readProgress(store, run, step.name))?.first_started_at ?? null,
    endedAt: isoTime(clock.now()),
  };
  const { code, definition, place } = step;
  const error = { ...readFailure(failure), ...(place !== undefined && { handler: place }) };
  // No attempt could read what is damaged either, so none ran.
  if (!before) return failed(ending, error, { code, definition });
  const { upstream } = before;
  const fingerprint = stepFingerprint(run, step, await executionInput(store, run), upstream);
  const found = await store.get(manifestKey(run, step.name, fingerprint));
  const manifest = found && parseManifest(found.body);
  // A manifest of an earlier execution may be the one whose damaged data made the step run again.
  if (manifest?.execution === run.execution) return committed(ending, manifest, upstream);
  // Even if the function never ran, because of throttling for example: a step that must not run cannot fail.
  const decision = decide(step.trigger_rule, upstream);
  if (decision.decision === 'block') return blocked({ ...ending, attempts: 0, startedAt: null }, decision.causes);
  if (decision.decision === 'skip') return skipped({ ...ending, attempts: 0, startedAt: null });
  if (failure.Error === errorNames.settled || failure.Error === errorNames.blocked) {
    throw new PlatformError(
      `step ${step.name} says that it is settled (${failure.Error}), but the store has no outcome`,
    );
  }
  return failed(ending, error, { code, definition });
}

const lastCounted = async (store: ObjectStore, run: RunContext, step: string): Promise<number | undefined> =>
  (await readAttempts(store, run, step)).counted?.attempt;

async function sendLetter(
  { run, step }: RecordFailurePayload,
  { settled, upstream }: { readonly settled: Outcome; readonly upstream: Upstream },
  ports: Ports,
): Promise<void> {
  const facts = {
    ...(await factsOf(ports.store, run, settled)),
    severity: step.severity,
    input: await executionInput(ports.store, run),
    upstream_manifests: manifestsOf(upstream),
    recorded_by: 'record-failure',
  } as const;
  await deliverLetter(run, facts, ports);
}
