import type { DaybreakEvent } from '../../contract/events/event.ts';
import { eventId } from '../../contract/events/event-id.ts';
import type { CheckResult } from '../../contract/records/data-check.ts';
import type { Work } from '../invocation.ts';
import { isoTime } from '../records/json-objects.ts';
import { ofStep } from './step-events.ts';
import { tell } from './tell.ts';

/** Reports each check that did not pass: one request for all, none if all passed. */
export async function tellViolations(results: readonly CheckResult[], work: Work): Promise<void> {
  const broken = results.filter(({ passed }) => !passed);
  const { ports, writeLine } = work.invocation;
  if (broken.length > 0) await tell(ports, () => broken.map((result) => violationEvent(result, work)), writeLine);
}

function violationEvent(result: CheckResult, work: Work): DaybreakEvent<'data.check_failed'> {
  const { run, step, attempt } = work.payload;
  const { dataset, check, kind, on_violation, measured, allowed } = result;
  return {
    id: eventId('data.check_failed', run, run.execution, step.name, dataset ?? '', check),
    type: 'data.check_failed',
    ...ofStep(run, step.name, attempt, isoTime(work.invocation.ports.clock.now())),
    severity: on_violation === 'block' ? step.severity : 'low',
    detail: { dataset, check, kind, on_violation, measured, allowed },
  };
}
