import type { RunContext } from '../../../lib/contract/payloads.ts';

/** The run that explorations are about: its first execution. */
export const exploredRun: RunContext = {
  pipeline: 'p',
  run_id: 'r',
  execution: 1,
  execution_arn: 'arn',
  redrive_count: 0,
  started_at: '2026-01-01T00:00:00.000Z',
  scheduled_time: null,
  input: {},
};
