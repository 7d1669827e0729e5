import { executionEndKey, executionKey, manifestKey, outcomeKey, runKey } from '../../lib/contract/object-keys.ts';
import type { DeadLetter } from '../../lib/contract/records/dead-letter.ts';
import type { Manifest } from '../../lib/contract/records/manifest.ts';
import type { Outcome } from '../../lib/contract/records/outcome.ts';
import { MemoryExecutions } from '../../lib/ports/memory/memory-executions.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { sealed } from '../../lib/runtime/records/seal.ts';

export const run = { pipeline: 'demo', run_id: 'r1' };
export const pipeline = { name: 'demo', steps: ['first', 'second'] };
export function arnOf(execution: number): string {
  return `arn:${execution}`;
}

/** A store that tests fill record by record, as a run does, and the executions behind it. */
export class Records {
  readonly store = new MemoryObjectStore();
  readonly executions = new MemoryExecutions();

  put(key: string, document: object): Promise<unknown> {
    return this.store.put(key, JSON.stringify(document));
  }

  async started(runId = 'r1', created = '2026-01-31T01:00:00.000Z'): Promise<void> {
    const record = { ...run, run_id: runId, created_at: created, input: { day: 1 }, scheduled_time: null };
    await this.put(runKey(record), record);
  }

  async execution(execution: number, startedAt: string, runId = 'r1'): Promise<void> {
    await this.put(executionKey({ ...run, run_id: runId, execution }), {
      execution,
      execution_arn: arnOf(execution),
      redrive_count: 0,
      started_at: startedAt,
      version: '1.0.0',
      input: { day: 1 },
    });
  }

  async ended(execution: number, status: string, endedAt: string, runId = 'r1'): Promise<void> {
    await this.put(executionEndKey({ ...run, run_id: runId, execution }), {
      execution,
      status,
      ended_at: endedAt,
      failed: [],
      blocked: [],
      failure: status === 'SUCCEEDED' ? null : { error: 'PipelineFailed', cause: 'because' },
    });
  }

  async outcome(execution: number, step: string, more: Partial<Outcome> = {}): Promise<void> {
    const outcome: Outcome = {
      step,
      outcome: 'succeeded',
      execution,
      manifest: manifestKey(run, step, 'f1'),
      digest: 'd',
      failure: null,
      causes: [],
      attempts: 1,
      started_at: '2026-01-31T01:00:01.000Z',
      ended_at: '2026-01-31T01:00:03.000Z',
      ...more,
    };
    await this.put(outcomeKey({ ...run, execution }, step), outcome);
  }

  async manifest(step: string, fingerprint: string, rows: number): Promise<void> {
    const part = { key: `demo/runs/r1/data/${step}/1-1-x/rows/part-00000.parquet`, rows, bytes: 10, sha256: '' };
    const manifest = {
      format: 1,
      step,
      fingerprint,
      result: { rows },
      datasets: { rows: { columns: {}, format: 'parquet', rows, bytes: 10, content_digest: '', parts: [part] } },
      files: {
        'page.html': { key: `demo/runs/r1/data/${step}/1-1-x/page.html`, bytes: 5, sha256: '', content_type: '' },
      },
    } satisfies Partial<Manifest>;
    await this.put(manifestKey(run, step, fingerprint), sealed(manifest));
  }
}

export function letter(id: string, failedAt: string): DeadLetter {
  const [name = '', run_id = '', execution = '', step = ''] = id.split('/');
  return {
    id,
    pipeline: name,
    run_id,
    execution: Number(execution),
    execution_arn: 'arn',
    step,
    severity: 'medium',
    failure: { error: 'Error', cause: 'because' },
    attempts: 3,
    failed_at: failedAt,
    input: {},
    upstream_manifests: {},
    logs: null,
    resume: 'resume',
    recorded_by: 'record-failure',
  };
}
