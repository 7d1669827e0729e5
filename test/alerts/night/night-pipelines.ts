/** Ten pipelines of one night, and what goes wrong in it. Times are milliseconds of the virtual clock. */
import { PermanentError, RetryableError } from '../../../lib/contract/errors.ts';

export const hour = 3_600_000;
export const minute = 60_000;

/** Tuesday, midnight. */
export const midnight = Date.parse('2026-12-01T00:00:00Z');

export const pipelineNames = [
  'orders',
  'customers',
  'billing',
  'marketing',
  'stock',
  'prices',
  'returns',
  'ledger',
  'visits',
  'mails',
] as const;

/** Each pipeline runs four times. */
export const starts = [0, 2 * hour, 4 * hour, 7 * hour].map((after) => midnight + after);

/** The CRM answers nothing from 01:30 to 05:10. Four pipelines read from it. */
const crmDead = { from: midnight + 1.5 * hour, to: midnight + 5 * hour + 10 * minute };
export const crmReaders: readonly string[] = ['orders', 'customers', 'billing', 'marketing'];

/** A bug reaches production at 01:00 and is mended at 06:20. */
const bug = { from: midnight + hour, to: midnight + 6 * hour + 20 * minute, pipeline: 'ledger' };

/** Steps that fail at their first attempts, now and then. */
export const flaky: readonly string[] = ['prices', 'returns'];

const within = (now: number, { from, to }: { readonly from: number; readonly to: number }): boolean =>
  now >= from && now < to;

/** The run of four o'clock is slow, and its data was promised for twenty to five. */
export const late = 'stock';

/** The template of a pipeline: two extracts, a transform of both, a report. */
export function templateOf(name: string): string {
  const retry = 'retry: { max_attempts: 4, backoff: exponential, initial_delay: 30, max_delay: 300 }';
  const promise = `schedule: { cron: "15 4 * * *", timezone: UTC }
expected_duration: 15m
deadline: { ready_by: "04:40", severity: critical, at_risk: page }
`;
  return `name: ${name}
${name === late ? promise : ''}steps:
  - { name: extract_rows, handler: extract_rows, severity: critical, ${retry} }
  - { name: extract_users, handler: extract_users, severity: critical, ${retry} }
  - { name: transform, handler: transform, severity: critical, dependencies: [extract_rows, extract_users], ${retry} }
  - { name: report, handler: report, severity: medium, dependencies: [transform], ${retry} }
`;
}

/** One attempt of a step at a moment: the minutes that it takes, and its error if it fails. */
export function attemptOf(
  { pipeline, step, attempt }: { readonly pipeline: string; readonly step: string; readonly attempt: number },
  now: number,
  random: () => number,
): { readonly minutes: number; readonly error: Error | null } {
  const minutes = 1 + 4 * random();
  if (step === 'extract_users' && crmReaders.includes(pipeline) && within(now, crmDead))
    return {
      minutes: 1,
      error: new RetryableError('GET https://crm.example.com/v1/users answered 503 Service Unavailable'),
    };
  if (step === 'transform' && pipeline === bug.pipeline && within(now, bug))
    return { minutes, error: new PermanentError("TypeError: Cannot read properties of undefined (reading 'total')") };
  if (step === 'extract_rows' && flaky.includes(pipeline) && attempt < 3 && random() < 0.6)
    return { minutes, error: new RetryableError('GET https://api.example.com/rows: connection reset') };
  const isLate = pipeline === late && now > midnight + 4 * hour && now < midnight + 5 * hour;
  return { minutes: isLate ? 13 : minutes, error: null };
}
