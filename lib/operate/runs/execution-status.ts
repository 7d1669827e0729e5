import type { ExecutionEnd, ExecutionRecord } from '../../contract/records/execution.ts';
import type { Executions } from '../../ports/ports.ts';
import type { RunReport } from './run-report.ts';

/**
 * The status of an execution. Its end record decides. Without an end record it is still running, or it died without one: killed, aborted or timed out.
 * An execution that Step Functions has forgotten counts as ABORTED.
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
