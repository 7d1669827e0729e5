import type { PipelinePlan } from '../../compiler/plan/plan.ts';
import { instantExample, isDay, parseInstant } from '../../input/instant.ts';
import { type CronTimes, startsAfter } from '../../input/schedule-times.ts';
import { wallTime } from '../../input/zone-clock.ts';
import { UsageError } from '../typed/usage-error.ts';
import { lastStart, nextStart } from './starts-around.ts';

const day = 86_400_000;

/** The moments that a person can mean with a text. */
interface Meant {
  /** About when: milliseconds since 1970. */
  readonly near: number;
  /** True for a start that is meant. */
  readonly isIt: (start: number) => boolean;
}

/**
 * The start of the schedule that a person names: a moment with a zone, a time of day in the schedule's zone, or a day with exactly one start. ISO 8601 in UTC. Anything else is a
 * UsageError that names the nearest starts.
 */
export function scheduledFor(text: string, { name, schedule }: Pick<PipelinePlan, 'name' | 'schedule'>): string {
  if (!schedule)
    throw new UsageError(`--scheduled-for: pipeline "${name}" has no schedule; give its input with --input`);
  const { times, timezone: zone } = schedule;
  const meant = meaningOf(text, zone);
  if (!meant)
    throw new UsageError(
      `--scheduled-for "${text}" is no time; write a day (2026-01-31), a time in ${zone} (2026-01-31T02:00), or a moment with a zone (${instantExample})`,
    );
  // A rate counts from its deployment: no one knows its starts.
  if (!times) {
    if (parseInstant(text) !== null) return new Date(meant.near).toISOString();
    throw new UsageError(
      `--scheduled-for: the schedule "${schedule.expression}" has no times of day; give a moment such as ${instantExample}`,
    );
  }
  const starts = startsAfter(times, zone, { after: meant.near - 2 * day, end: meant.near + 3 * day, count: 10_000 });
  const found = starts.filter(meant.isIt);
  const [start] = found;
  if (start === undefined) throw new UsageError(noStart(text, { times, zone, near: meant.near }));
  if (found.length > 1)
    throw new UsageError(
      `--scheduled-for "${text}": that day has ${found.length} starts; name one of them: ${listed(found, zone)}`,
    );
  return new Date(start).toISOString();
}

function meaningOf(text: string, zone: string): Meant | null {
  const instant = parseInstant(text);
  if (instant !== null) return { near: instant, isIt: (start) => start === instant };
  if (isDay(text)) {
    const wall = Date.parse(`${text}T00:00:00Z`);
    return { near: wall, isIt: (start) => Math.floor(wallTime(start, zone) / day) * day === wall };
  }
  const [, date = '', time = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00)?$/.exec(text) ?? [];
  const wall = isDay(date) ? parseInstant(`${date}T${time}Z`) : null;
  return wall === null ? null : { near: wall, isIt: (start) => wallTime(start, zone) === wall };
}

const most = 6;

const listed = (starts: readonly number[], zone: string): string =>
  `${starts
    .slice(0, most)
    .map((start) => inWords(start, zone))
    .join(', ')}${starts.length > most ? ', ...' : ''}`;

function noStart(text: string, { times, zone, near }: { times: CronTimes; zone: string; near: number }): string {
  const nearest = [lastStart(times, zone, near), nextStart(times, zone, near)].filter((start) => start !== null);
  return `--scheduled-for "${text}": the schedule does not start then; the nearest starts are ${listed(nearest, zone)}`;
}

/** As the option takes it, with the moment in UTC. */
const inWords = (start: number, zone: string): string =>
  `${new Date(wallTime(start, zone)).toISOString().slice(0, 16)} (${new Date(start).toISOString().replace('.000', '')})`;
