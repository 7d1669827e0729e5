import type { ExecutionRef } from '../../contract/object-keys.ts';
import type { ExecutionEnd } from '../../contract/records/execution.ts';
import type { RunSizes, RunTotals } from '../../contract/records/history.ts';

/** Reconcile looks at the ends of the last two days every hour, so these must be known by name; a day more for clocks and queues. */
const rememberedMs = 3 * 24 * 3_600_000;
/** The record is read by every run: 1,000 names are 50 kB. */
const mostRemembered = 1_000;

const none: RunSizes = { seconds: 0, rows: 0, bytes: 0, attempts: 0, retries: 0, wait_seconds: 0 };
const noEnds = { SUCCEEDED: 0, FAILED: 0, TIMED_OUT: 0, ABORTED: 0 } as const;

/** Adds an ended execution to the sums; null if they have it. Each execution counts once, although Finalize and Reconcile may both report it, and again. */
export function countRun(
  totals: RunTotals | undefined,
  { run_id, execution }: Pick<ExecutionRef, 'run_id' | 'execution'>,
  { status, ended_at, sizes }: Pick<ExecutionEnd, 'status' | 'ended_at'> & { readonly sizes: RunSizes },
): RunTotals | null {
  const name = `${run_id}/${execution}`;
  const before = totals?.counted ?? [];
  const forgottenUntil = totals?.forgotten_until ?? null;
  const isKnown = before.some(([one]) => one === name);
  const isForgotten = forgottenUntil !== null && ended_at <= forgottenUntil;
  if (isKnown || isForgotten) return null;
  const all = [[name, ended_at] as const, ...before].sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  const oldest = Date.parse(all[0]?.[1] ?? ended_at) - rememberedMs;
  const counted = all.slice(0, mostRemembered).filter(([, at]) => Date.parse(at) >= oldest);
  const dropped = all[counted.length]?.[1] ?? null;
  const isLast = totals === undefined || ended_at >= totals.last.ended_at;
  const succeededAt = totals?.succeeded_at ?? null;
  return {
    since: totals?.since ?? ended_at,
    ends: { ...noEnds, ...totals?.ends, [status]: (totals?.ends[status] ?? 0) + 1 },
    sizes: added(totals?.sizes ?? none, sizes),
    last: isLast ? { ...sizes, status, ended_at } : totals.last,
    succeeded_at: status === 'SUCCEEDED' && (succeededAt === null || ended_at > succeededAt) ? ended_at : succeededAt,
    counted,
    forgotten_until:
      dropped !== null && (forgottenUntil === null || dropped > forgottenUntil) ? dropped : forgottenUntil,
  };
}

/** Milliseconds stay exact: a sum of many fractions would drift. */
function added(one: RunSizes, other: RunSizes): RunSizes {
  const sum = (field: keyof RunSizes): number => Math.round((one[field] + other[field]) * 1000) / 1000;
  return {
    seconds: sum('seconds'),
    rows: sum('rows'),
    bytes: sum('bytes'),
    attempts: sum('attempts'),
    retries: sum('retries'),
    wait_seconds: sum('wait_seconds'),
  };
}
