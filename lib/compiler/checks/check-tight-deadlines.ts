import type { DeadlineSetting } from '../../contract/events/deadline-setting.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { type Occurrence, occurrencesBetween } from '../../input/deadline-times.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import type { Template } from '../template/template.ts';

/** Five weeks have every weekday and every day of a month. */
const lookAhead = 35 * 86_400_000;

/** Warns of deadlines that lie before the time that the expected durations need. `now` is in milliseconds since 1970. */
export function checkTightDeadlines(
  plan: PipelinePlan,
  template: Template,
  { now, report }: { readonly now: number; readonly report: Report },
): void {
  const needed = neededTimes(plan);
  const all = Math.max(plan.expectedMs ?? 0, ...needed.values());
  const check = (deadline: DeadlineSetting | null, needs: number, path: readonly (string | number)[]): void => {
    const least = deadline && needs > 0 ? shortestTime(plan, deadline, now) : null;
    if (least === null || least.readyBy - least.start >= needs) return;
    const moment = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const [time, need] = [minutes(least.readyBy - least.start), minutes(needs)];
    const message = `the start at ${moment(least.start)} has ${time} until its deadline at ${moment(least.readyBy)}, but the expected durations need ${need}; start earlier, or promise it later`;
    report(makeDiagnostic('DEADLINE_TOO_EARLY', template.at([...path, 'ready_by']), message));
  };
  check(plan.deadline, all, ['deadline']);
  for (const [order, { name, deadline }] of plan.steps.entries())
    check(deadline, needed.get(name) ?? 0, ['steps', template.steps[order]?.index ?? order, 'deadline']);
}

/** By step: the longest way to its end by expected durations, in milliseconds; a step without one takes no time. */
function neededTimes({ steps }: PipelinePlan): ReadonlyMap<string, number> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const needed = new Map<string, number>();
  const stack = steps.map(({ name }) => name);
  for (let name = stack.at(-1); name !== undefined; name = stack.at(-1)) {
    const step = byName.get(name);
    const open = (step?.dependencies ?? []).filter((one) => !needed.has(one));
    if (open.length > 0 && !needed.has(name)) stack.push(...open);
    else {
      stack.pop();
      const before = Math.max(0, ...(step?.dependencies ?? []).map((one) => needed.get(one) ?? 0));
      needed.set(name, before + (step?.expectedMs ?? 0));
    }
  }
  return needed;
}

/** The scheduled start with the least time until its deadline. */
function shortestTime({ schedule }: PipelinePlan, deadline: DeadlineSetting, now: number): Occurrence | null {
  if (!schedule?.times) return null;
  const clock = { times: schedule.times, timezone: schedule.timezone };
  const [first = null] = occurrencesBetween(clock, deadline, { from: now, to: now + lookAhead }).sort(
    (one, other) => one.readyBy - one.start - (other.readyBy - other.start),
  );
  return first;
}

const minutes = (ms: number): string => `${Math.ceil(ms / 60_000)} min`;
