import { mostDeadlines } from '../../contract/events/deadline-setting.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { Template } from '../template/template.ts';

/** Reports deadlines that belong to no scheduled start, and too many of them. */
export function checkDeadlines(template: Template, report: Report): void {
  const places = [
    ...(template.deadline ? [['deadline']] : []),
    ...template.steps.flatMap(({ index, deadline }) => (deadline ? [['steps', index, 'deadline']] : [])),
  ];
  const { schedule } = template;
  const fault =
    schedule === null
      ? 'a deadline belongs to a scheduled start, but the pipeline has no "schedule"; add one, or leave the deadline out'
      : schedule.times === null
        ? `a deadline belongs to a scheduled start, but "${schedule.expression}" has no times of day; write the schedule as "cron"`
        : null;
  if (fault !== null) for (const place of places) report(makeDiagnostic('BAD_DEADLINE', template.at(place), fault));
  const [further] = places.slice(mostDeadlines);
  if (!further) return;
  const message = `the pipeline has ${places.length} deadlines, those of its steps included; it may have ${mostDeadlines}; keep those of the steps that others wait for`;
  report(makeDiagnostic('BAD_DEADLINE', template.at(further), message));
}
