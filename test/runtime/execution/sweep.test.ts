import { describe, expect, test } from 'vitest';
import type { ReconcilePayload } from '../../../lib/contract/payloads.ts';
import type { EndedExecution, MachineHistory } from '../../../lib/ports/ports.ts';
import { sweep } from '../../../lib/runtime/execution/sweep.ts';

const hour = 3_600_000;
const now = Date.UTC(2026, 1, 10);

interface Ended {
  readonly status: EndedExecution['status'];
  /** Hours before now. */
  readonly ended: number;
  readonly output?: string;
}

/** A machine that was created so many hours ago, and what it has run. */
const historyOf = (ended: readonly Ended[], created = 10_000) => {
  const executions = ended
    .map(({ status, ended: hours }, index) => ({
      executionArn: `arn:${index}`,
      name: `e${index}`,
      status,
      startDate: now - (hours + 1) * hour,
      stopDate: now - hours * hour,
      redriveCount: index,
    }))
    .sort((a, b) => b.startDate - a.startDate);
  let read = 0;
  const history: MachineHistory = {
    createdAt: async () => now - created * hour,
    async *executions() {
      for (const execution of executions) {
        read++;
        yield execution;
      }
    },
    describe: async (arn) => {
      const output = ended[Number(arn.slice(4))]?.output ?? '{}';
      return { input: '{"day":"2026-02-09"}', output, error: 'E', cause: 'because' };
    },
  };
  return { history, read: () => read };
};

const swept = async (ended: readonly Ended[], quietHours: number | null, created?: number) => {
  const reconciled: ReconcilePayload[] = [];
  const { history, read } = historyOf(ended, created);
  const reconcile = async (payload: ReconcilePayload) => {
    reconciled.push(payload);
    return { execution: 1, dead_letters: [`letter of ${payload.detail.name}`] };
  };
  const outcome = await sweep({ pipeline: 'p', quietHours, now, history, reconcile }).catch((error: Error) => error);
  return { outcome, reconciled, read: read() };
};

describe('the hourly sweep', () => {
  test('reconciles every execution of the last two days that ended badly, with all that an event would say', async () => {
    const { outcome, reconciled } = await swept(
      [
        { status: 'FAILED', ended: 1 },
        { status: 'SUCCEEDED', ended: 2 },
        { status: 'ABORTED', ended: 20 },
        { status: 'TIMED_OUT', ended: 47 },
        { status: 'FAILED', ended: 49 },
      ],
      26,
    );
    expect(outcome).toEqual(['letter of e0', 'letter of e2', 'letter of e3']);
    expect(reconciled[0]).toEqual({
      pipeline: 'p',
      detail: {
        executionArn: 'arn:0',
        name: 'e0',
        status: 'FAILED',
        startDate: now - 2 * hour,
        stopDate: now - hour,
        redriveCount: 0,
        input: '{"day":"2026-02-09"}',
        error: 'E',
        cause: 'because',
      },
    });
  });

  test('fails when no run has succeeded for as long as the schedule allows', async () => {
    const { outcome } = await swept([{ status: 'SUCCEEDED', ended: 27 }], 26);
    expect(outcome).toMatchObject({ name: 'NoSuccessfulRun' });
    expect(String(outcome)).toContain('no run of p has succeeded for 26 hours');
    expect((await swept([{ status: 'SUCCEEDED', ended: 25 }], 26)).outcome).toEqual([]);
    expect((await swept([], 26)).outcome).toMatchObject({ name: 'NoSuccessfulRun' });
  });

  test('still reconciles what it found before it fails', async () => {
    const { outcome, reconciled } = await swept([{ status: 'FAILED', ended: 3 }], 26);
    expect(outcome).toMatchObject({ name: 'NoSuccessfulRun' });
    expect(reconciled).toHaveLength(1);
  });

  test('does not count a start that was refused, although its execution succeeded', async () => {
    const refused = { status: 'SUCCEEDED', ended: 1, output: '{"refused":"another run is going"}' } as const;
    expect((await swept([refused], 26)).outcome).toMatchObject({ name: 'NoSuccessfulRun' });
    expect((await swept([refused, { status: 'SUCCEEDED', ended: 20 }], 26)).outcome).toEqual([]);
  });

  test('leaves a machine alone that is newer than the time allowed, and one that does not start by itself', async () => {
    expect((await swept([], 26, 25)).outcome).toEqual([]);
    expect((await swept([], 26, 27)).outcome).toMatchObject({ name: 'NoSuccessfulRun' });
    expect((await swept([], null)).outcome).toEqual([]);
  });

  test('looks further back than two days only for a success, and no further than that', async () => {
    const monthly = Array.from(
      { length: 100 },
      (_, index) => ({ status: 'SUCCEEDED', ended: 100 * (index + 1) }) as const,
    );
    expect((await swept(monthly, 750)).outcome).toEqual([]);
    expect((await swept(monthly, 750)).read).toBe(2);
    const failing = monthly.map(({ ended }) => ({ status: 'FAILED', ended }) as const);
    expect(await swept(failing, 750)).toMatchObject({ outcome: { name: 'NoSuccessfulRun' }, reconciled: [], read: 8 });
  });
});
