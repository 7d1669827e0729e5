import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { type DisturbedTime, disturbedTimes, startsAfter } from '../../input/schedule-times.ts';
import { defaults } from '../plan/defaults.ts';
import { planPartition } from '../plan/plan-partition.ts';
import type { ScheduleTemplate, Template } from '../template/template.ts';
import { findRefusals } from './find-refusals.ts';

/** A year of nightly starts and a month more: every day of a month, every month, every weekday, both changes of the clock. */
export const manyStarts = 400;

const day = 86_400_000;

/** Rare schedules end here: zones change their rules before long. */
const longestSpan = 20 * 365 * day;

/** Changes of the clock are announced at least this far ahead. */
const shortestSpan = 400 * day;

/**
 * Evaluates the input of the schedule's next `count` starts and validates it against the input schema, as Prepare will. A start that Prepare would refuse is an error.
 * Warns of times that the zone's clock skips or repeats. `now` is in milliseconds since 1970.
 */
export async function checkSchedule(
  template: Template,
  { now, count }: { readonly now: number; readonly count: number },
  report: Report,
): Promise<void> {
  const { schedule } = template;
  if (!schedule) return;
  const zone = schedule.timezone ?? defaults.timezone;
  const starts = nextStarts(schedule, zone, { now, count });
  if (schedule.times) {
    const end = Math.max(starts.at(-1) ?? now, now + shortestSpan);
    for (const time of disturbedTimes(schedule.times, zone, { after: now, end }))
      report(makeDiagnostic('CLOCK_CHANGE', template.at(['schedule', 'cron']), inWords(time, zone)));
  }
  const times = starts.map((start) => new Date(start).toISOString().replace('.000', ''));
  for (const { path, violation, time, count } of await findRefusals(
    times,
    { ...schedule, timezone: zone },
    { schema: template.inputSchema, partition: planPartition(template) },
  )) {
    const which =
      times.length === 1
        ? `the schedule cannot start a run at ${time}:`
        : count === times.length
          ? `the schedule can never start a run: at ${time}`
          : `the schedule cannot start a run at ${time}, nor at ${count - 1} other of its next ${times.length} times:`;
    report(
      makeDiagnostic(
        'SCHEDULE_REFUSED',
        template.at(['schedule', 'input', ...path]),
        `${which} its input has ${violation}`,
      ),
    );
  }
}

function nextStarts(
  { expression, times }: ScheduleTemplate,
  zone: string,
  { now, count }: { readonly now: number; readonly count: number },
): number[] {
  if (times) return startsAfter(times, zone, { after: now, end: now + longestSpan, count });
  // A rate counts from its deployment, which may come at any moment.
  const [, number = '1', unit = 'hour'] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const period = Number(number) * { minute: 60_000, hour: 3_600_000, day }[unit as 'minute' | 'hour' | 'day'];
  return Array.from({ length: count }, (_, index) => now + index * period);
}

function inWords({ kind, wall, from, to }: DisturbedTime, zone: string): string {
  const clock = (time: number): string => new Date(time).toISOString().slice(11, 16);
  const [first, last] = [clock(Math.min(from, to)), clock(Math.max(from, to) - 60_000)];
  const change = `on ${new Date(wall).toISOString().slice(0, 10)} the clock in ${zone} goes from ${clock(from)} to ${clock(to)}`;
  const what =
    kind === 'skipped'
      ? `so ${clock(wall)} does not exist and EventBridge Scheduler skips that start`
      : `so ${clock(wall)} comes twice and EventBridge Scheduler starts one run for both`;
  return `${change}, ${what}; choose a time outside of ${first} to ${last}, or timezone: UTC`;
}
