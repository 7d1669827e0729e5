/** Finds the run that a start belongs to: from `daybreak.run_id` in its input, else by the scheduled time, else by the execution's name. */
import * as z from 'zod/mini';
import type { Json, JsonObject } from '../../contract/json.ts';
import { isRunId, runIdFromName } from '../../contract/object-keys.ts';
import { instantExample, parseInstant } from '../../input/instant.ts';

export interface RunIdentity {
  readonly run_id: string;
  /** `resume`: the run was named; `schedule`: a tick of the schedule; `start`: any other start. */
  readonly kind: 'resume' | 'schedule' | 'start';
  /** ISO 8601 in UTC. */
  readonly scheduled_time: string | null;
  /** Steps to run again although nothing they depend on has changed. */
  readonly from: readonly string[];
  /** Number of the run's last execution that the person who resumes it had seen; null when the start does not say. */
  readonly after: number | null;
  /** The input without the reserved key. */
  readonly input: JsonObject;
  readonly violations: readonly string[];
}

const reserved = z
  .strictObject({
    run_id: z.optional(
      z
        .string()
        .check(z.refine(isRunId, 'must be letters, digits, "_", ".", "-", at most 128, the first a letter or digit')),
    ),
    scheduled_time: z.optional(
      z
        .string()
        .check(
          z.refine(
            (text) => parseInstant(text) !== null,
            `must be a time such as "${instantExample}": ISO 8601 with a zone, and a day that exists`,
          ),
        ),
    ),
    from: z.optional(z.array(z.string())),
    after: z.optional(z.int().check(z.nonnegative())),
  })
  .check(
    z.refine(({ run_id, from, after }) => run_id !== undefined || (!from && after === undefined), {
      message: '"from" and "after" need a "run_id": they are about a run that was started before',
    }),
  );

/** Takes the reserved key `daybreak` out of an execution's input and returns the run that it means. */
export function runIdentity(pipeline: string, executionName: string, input: Json): RunIdentity {
  const nameless = {
    run_id: runIdFromName(executionName),
    kind: 'start',
    scheduled_time: null,
    from: [],
    after: null,
  } as const;
  if (input !== null && (typeof input !== 'object' || Array.isArray(input))) {
    return { ...nameless, input: {}, violations: [`/: ${JSON.stringify(input).slice(0, 80)} must be an object`] };
  }
  const { daybreak = {}, ...rest } = input ?? {};
  const parsed = reserved.safeParse(daybreak);
  if (!parsed.success) {
    const violations = parsed.error.issues.map((issue) => {
      const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], daybreak);
      return `/${['daybreak', ...issue.path].join('/')}: ${JSON.stringify(value)} ${issue.message}`;
    });
    return { ...nameless, input: rest, violations };
  }
  const { run_id, scheduled_time, from = [], after = null } = parsed.data;
  const scheduled = isoOrNull(scheduled_time ?? scheduledTimeIn(pipeline, run_id));
  const common = { scheduled_time: scheduled, input: rest, from, after, violations: [] };
  if (run_id !== undefined) return { ...common, run_id, kind: 'resume' };
  if (scheduled !== null) return { ...common, run_id: scheduledRunId(pipeline, scheduled), kind: 'schedule' };
  return { ...nameless, input: rest, violations: [] };
}

/** A run that a schedule named still tells its time, even if its first execution died before it could write anything. */
function scheduledTimeIn(pipeline: string, runId = ''): string | undefined {
  const [whole, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(runId.slice(pipeline.length + 1)) ?? [];
  if (!whole || runId !== `${pipeline}-${whole}`) return undefined;
  const [year, month, day, hour, minute, second] = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

function isoOrNull(time: string | undefined): string | null {
  const instant = time === undefined ? null : parseInstant(time);
  return instant === null ? null : new Date(instant).toISOString();
}

/** The run of a scheduled time, which is ISO 8601 in UTC. */
export function scheduledRunId(pipeline: string, time: string): string {
  return `${pipeline}-${compact(time)}`;
}

/** `20260131T010000Z`: sorts as time does, and every delivery of one tick has the same. */
const compact = (time: string): string => time.replace(/\.\d+/, '').replaceAll(/[-:]/g, '');
