import type { ExecutionEnd, ExecutionRecord } from '../../contract/records.ts';
import type { Executions } from '../../ports/ports.ts';
import type { RunReport } from './run-report.ts';

/**
 * How an execution stands. Its own end record is the truth; without one it is still going, or it died without a word: killed, aborted, or timed out.
 * One that nobody knows any more counts as ABORTED.
 */
export async function executionStatus(
  execution: ExecutionRecord | null,
  end: ExecutionEnd | null,
  executions: Executions,
): Promise<RunReport['status']> {
  if (end) return end.status;
  if (!execution) return 'ABORTED';
  const status = await executions.status(execution.execution_arn);
  return status === null || status === 'SUCCEEDED' ? 'ABORTED' : status;
}
