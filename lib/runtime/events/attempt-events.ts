/** Events in the middle of a step: an attempt that failed and is repeated, an invocation that hands on to the next. */
import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventId } from '../../contract/events/event-id.ts';
import type { StepAnswer } from '../../contract/payloads.ts';
import type { Work } from '../invocation.ts';
import { isoTime } from '../records/json-objects.ts';
import { eventCause } from './event-cause.ts';
import { ofStep } from './step-events.ts';

/** An attempt that failed, and that another one follows. `delaySeconds`: the delay that the step asks for; null where the machine chooses it. */
export interface Retrying {
  readonly error: Error;
  readonly kind: string;
  readonly delaySeconds: number | null;
}

export function retryingEvent(work: Work, { error, kind, delaySeconds }: Retrying): DaybreakEvent<'step.retrying'> {
  const { run, step, attempt } = work.payload;
  return {
    id: eventId('step.retrying', run, run.execution, step.name, attempt),
    type: 'step.retrying',
    ...ofStep(run, step.name, attempt, isoTime(work.invocation.ports.clock.now())),
    cause: eventCause({ error: error.name, cause: error.message }),
    detail: { kind, delay_seconds: delaySeconds },
  };
}

export function yieldedEvent(
  work: Work,
  { attempt, yields, invocations }: NonNullable<StepAnswer['yielded']>,
): DaybreakEvent<'step.yielded'> {
  const { run, step } = work.payload;
  return {
    id: eventId('step.yielded', run, run.execution, step.name, attempt, yields),
    type: 'step.yielded',
    ...ofStep(run, step.name, attempt, isoTime(work.invocation.ports.clock.now())),
    detail: { invocations },
  };
}
