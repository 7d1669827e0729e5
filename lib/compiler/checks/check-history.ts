import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { longestFunctionSeconds } from '../plan/defaults.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import type { Template } from '../template/template.ts';

/** Most events of one execution. Step Functions ends an execution with more, and cannot redrive it. */
const mostEvents = 25_000;

/** Events of a step that waits and then succeeds at once, and of each further invocation of a step that yields. */
const eventsOfStep = 12;
const eventsOfYield = 7;

/** A step yields shortly before the end of its function's time. */
const secondsBetweenYields = longestFunctionSeconds - 30;

/** Warns of so many steps, or of steps that may yield so often, that they fill the history of an execution. */
export function checkHistory(plan: PipelinePlan, template: Template, report: Report): void {
  const yields = plan.steps.map(({ timeoutSeconds }) =>
    timeoutSeconds <= longestFunctionSeconds
      ? 0
      : Math.ceil(Math.min(timeoutSeconds, plan.maxDurationSeconds) / secondsBetweenYields),
  );
  const all = yields.reduce((sum, count) => sum + count, 0);
  const events = plan.steps.length * eventsOfStep + all * eventsOfYield;
  if (events <= mostEvents) return;
  const end = `Step Functions ends it after ${mostEvents}, and it cannot be redriven then`;
  if (all === 0) {
    const message = `${plan.steps.length} steps may need ${events} events of an execution; ${end}; make several pipelines`;
    report(makeDiagnostic('HISTORY_TOO_LONG', template.at(['name']), message));
    return;
  }
  const longest = yields.indexOf(Math.max(...yields));
  const index = template.steps[longest]?.index ?? 0;
  const message = `the steps may yield ${all} times, so an execution may need ${events} events; ${end}; shorten "timeout", or make several pipelines`;
  report(makeDiagnostic('HISTORY_TOO_LONG', template.at(['steps', index, 'timeout']), message));
}
