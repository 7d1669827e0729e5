import { describe, expect, test } from 'vitest';
import { handlerOf } from '../../cli/project.ts';
import { slowTest } from '../../support/sized.ts';
import { type Tested, tested } from './tested-project.ts';

describe('daybreak test', () => {
  test("runs a person's own pipeline under faults, and says what each failure blocks", async () => {
    const ran = await tested({}, '--json');
    const { failures, faults } = ran.json() as unknown as Tested;
    expect(faults.broken).toEqual([]);
    expect(faults.runs).toBe(12);
    expect(Object.values(faults.counts).filter((count) => count > 0).length).toBeGreaterThan(8);
    expect(failures).toEqual([
      { step: 'extract', status: 'FAILED', blocked: ['load'], arrives: ['check', 'report'] },
      { step: 'check', status: 'SUCCEEDED', blocked: [], arrives: ['extract', 'load', 'report'] },
      { step: 'load', status: 'FAILED', blocked: [], arrives: ['extract', 'check', 'report'] },
      { step: 'report', status: 'FAILED', blocked: [], arrives: ['extract', 'check', 'load'] },
    ]);
    expect(ran.code).toBe(0);
  });

  slowTest('says which step threw what when the pipeline fails without faults', async () => {
    const broken = { 'lambdas/steps/orders/load.ts': handlerOf("  throw new RangeError('37 is too much');") };
    const ran = await tested(broken);
    expect(ran.stderr).toContain(
      'faults can be tried only on a run that succeeds without them:\n- load failed: RangeError: 37 is too much',
    );
    expect(ran.stderr).not.toContain('bug');
    expect(ran.code).toBe(1);
  });

  slowTest('refuses what it cannot run, in words', async () => {
    const bare = { 'lambdas/steps/orders/check.ts': 'export const handler = async () => ({});\n' };
    const ran = await tested(bare, '--json');
    expect(ran.json().error).toMatchObject({ code: 'INVALID_PIPELINE' });
    expect(ran.json().diagnostics).toMatchObject([{ message: expect.stringContaining('defineStep') }]);
    expect(ran.code).toBe(1);
    expect((await tested({}, '--seed', 'x')).stderr).toContain('--seed must be a whole number, not "x"');
  });
});
