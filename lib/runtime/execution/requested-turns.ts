import type { RunContext } from '../../contract/payloads.ts';
import type { ExecutionRecord } from '../../contract/records/execution.ts';

type RunLease = NonNullable<RunContext['lease']>;

/** The lease with the fences that distinguish runs: the one of the run's first execution, and those of executions that were asked to run a step again. `records` are the run's executions up to this one. */
export function requestedTurns(
  { key, fence }: RunLease,
  records: readonly ExecutionRecord[],
  salts: Readonly<Record<string, string>> = {},
): RunLease {
  const fenceOf = (record: ExecutionRecord | undefined): number | undefined =>
    record?.lease?.key === key ? record.lease.fence : undefined;
  const first = records.map(fenceOf).find((one) => one !== undefined) ?? fence;
  // A salt is the number of the execution that was asked.
  const asked = Object.entries(salts).map(([step, salt]) => [step, fenceOf(records[Number(salt) - 1]) ?? fence]);
  return {
    key,
    fence,
    ...(first !== fence && { first }),
    ...(asked.length > 0 && { asked: Object.fromEntries(asked) }),
  };
}
