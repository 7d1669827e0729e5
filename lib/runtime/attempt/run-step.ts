/** One attempt of a step, from its event to its settled outcome. */
import { AlreadySettledError, BlockedError, PermanentError } from '../../contract/errors.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { RunContext, StepAnswer } from '../../contract/payloads.ts';
import type { Manifest } from '../../contract/records/manifest.ts';
import type { Outcome } from '../../contract/records/outcome.ts';
import type { StepPayload } from '../../contract/resolve-event.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { retryingEvent, yieldedEvent } from '../events/attempt-events.ts';
import { audible } from '../events/audible.ts';
import { outcomeEvents } from '../events/step-events.ts';
import { tell } from '../events/tell.ts';
import type { Invocation, Work } from '../invocation.ts';
import { findCommitted } from '../manifests/reusable-manifest.ts';
import { executionInput } from '../records/execution-input.ts';
import { holdsLease } from '../records/holds-lease.ts';
import { isoTime } from '../records/json-objects.ts';
import { blocked, committed, skipped } from '../records/outcomes.ts';
import { readUpstream } from '../records/read-upstream.ts';
import { readOutcome, settle } from '../records/settle.ts';
import { signal } from '../records/signal.ts';
import { stepFingerprint } from '../records/step-fingerprint.ts';
import { decide, type Upstream } from '../records/trigger-rule.ts';
import { resumeCommand } from '../resume-command.ts';
import { commit } from './commit.ts';
import { endAttempt } from './end-attempt.ts';
import { isLeftOut, leaveOut } from './leave-out.ts';
import { enterLongAttempt, isUntouched } from './long-attempt.ts';
import { runHandler } from './run-handler.ts';
import { readStanding } from './standing.ts';

/**
 * Runs one attempt. It may be one of many: a duplicate, a late one, or one after a crash between any two lines here. So nothing is visible before the manifest, the first manifest of a
 * fingerprint wins, the first outcome of an execution wins, and every attempt obeys the winner and wakes the waiters again.
 */
export async function runStep(payload: StepPayload, invoked: Invocation): Promise<StepAnswer> {
  const { run, step, attempt, fresh } = payload;
  const invocation = { ...invoked, ports: audible(invoked.ports, run) };
  const { store, clock } = invocation.ports;
  const conclude = async (outcome: Outcome, manifest?: Manifest): Promise<StepAnswer> => {
    const made = outcome.digest === manifest?.digest ? manifest : undefined;
    const events = () => outcomeEvents(run, outcome, { severity: step.severity, made });
    await Promise.all([signal(invocation.ports, run, step), tell(invocation.ports, events, invocation.writeLine)]);
    return answer(outcome);
  };

  // All at once. No one waits for the turn unless a handler is to start.
  const turn = holdsLease(store, run);
  turn.catch(() => {});
  const [settled, { upstream, carried }, input] = await Promise.all([
    fresh ? null : readOutcome(store, run, step.name),
    readUpstream(store, run, step),
    executionInput(store, run),
  ]);
  if (settled) return conclude(settled);

  const endedAt = isoTime(clock.now());
  const ending = { step: step.name, ref: run, carried, attempts: attempt - 1, startedAt: null, endedAt };
  if (isLeftOut(run, step.name)) {
    const { proposal, manifest } = await leaveOut(store, run, ending, upstream);
    return conclude(await settle(store, run, proposal), manifest);
  }
  const decision = decide(step.trigger_rule, upstream);
  if (decision.decision === 'skip') return conclude(await settle(store, run, skipped(ending)));
  if (decision.decision === 'block') return conclude(await settle(store, run, blocked(ending, decision.causes)));

  const all = await withWindow(store, payload, upstream);
  const fingerprint = stepFingerprint(run, step, input, all);
  const found = isUntouched(payload) ? null : await findCommitted(store, run, { step: step.name, fingerprint });
  if (found && 'manifest' in found)
    return conclude(await settle(store, run, committed(ending, found.manifest, upstream)), found.manifest);
  const replaces = found && 'broken' in found ? found.broken.etag : undefined;

  const begun = { payload, input, upstream: all, fingerprint, invocation, ...(replaces !== undefined && { replaces }) };
  if (!(await turn)) throw lostTurn(run);
  const long = await enterLongAttempt(begun);
  if (long && 'yielded' in long) return long;
  const work = { ...begun, long, standing: await readStanding(payload, invocation, long) };
  const made = await runAndCommit(work).catch(async (error: unknown) => {
    const { thrown, again } = await endAttempt(work, error);
    if (again) await tell(invocation.ports, () => [retryingEvent(work, again)], invocation.writeLine);
    throw thrown;
  });
  if ('yielded' in made) {
    await tell(invocation.ports, () => [yieldedEvent(work, made.yielded)], invocation.writeLine);
    return made;
  }
  const { output, manifest } = made;
  const ended = { ...ending, attempts: attempt, startedAt: output.firstStartedAt, endedAt: isoTime(clock.now()) };
  return conclude(await settle(store, run, committed(ended, manifest, upstream)), manifest);
}

/** The outcomes that the step reads: of its dependencies, and of earlier partitions if it needs them. */
async function withWindow(
  store: ObjectStore,
  { run, step }: Pick<StepPayload, 'run' | 'step'>,
  upstream: Upstream,
): Promise<Upstream> {
  if (!step.needs || !run.partition) return upstream;
  const { readWindow } = await import('../partitions/read-window.ts');
  const window = await readWindow(store, run.pipeline, {
    window: step.needs,
    partition: run.partition.name,
    own: upstream.get(step.needs.step) ?? null,
  });
  return new Map([...upstream, [earlierStep, window]]);
}

/** A redrive of an execution that died may come after another run has taken its turn: no handler may work beside that one. */
const lostTurn = (run: RunContext): PermanentError =>
  new PermanentError(
    `another run of ${run.pipeline} has taken the turn of run ${run.run_id}; no handler was started. When no run is active: ${resumeCommand(run)}`,
  );

async function runAndCommit(work: Work) {
  // Beside the handler's work: the first report of a process must load its client.
  void work.invocation.ports.events?.open().catch(() => undefined);
  const output = await runHandler(work);
  if ('yielded' in output) return output;
  return { output, manifest: await commit(work, output) };
}

/** The answer of this attempt to the settled outcome, its own or another's. */
function answer({ step, outcome, manifest, causes, failure }: Outcome): StepAnswer {
  if (outcome === 'blocked') throw new BlockedError(`step ${step} does not run: blocked by ${causes.join(', ')}`);
  if (outcome === 'failed') {
    throw new AlreadySettledError(
      `step ${step} has already failed in this execution: ${failure?.error}: ${failure?.cause}`,
    );
  }
  return { outcome, manifest };
}
