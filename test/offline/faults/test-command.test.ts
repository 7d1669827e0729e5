import { describe, expect, test } from 'vitest';
import { spawnCli } from '../../cli/cli.ts';
import { handlerOf, project } from '../../cli/project.ts';

const orders = `name: orders
version: 1.0.0
input_schema:
  type: object
  required: [day]
  properties: { day: { type: string } }
steps:
  - { name: extract, handler: { callable: extract } }
  - { name: check, handler: { callable: check }, optional: true }
  - { name: load, handler: { callable: load }, dependencies: [extract] }
  - { name: report, handler: { callable: check }, dependencies: [load, check], trigger_rule: all_done }
`;

const files = {
  'pipelines/orders.yaml': orders,
  'lambdas/steps/orders/extract.ts': handlerOf(`
  await new Promise((done) => setTimeout(done, 5));
  await step.write('rows', [{ id: 1 }, { id: 2 }], { columns: { id: 'BIGINT' } });
  return { day: step.input.day };`),
  'lambdas/steps/orders/load.ts': handlerOf(`
  let rows = 0;
  for await (const batch of step.rows('extract.rows')) rows += batch.length;
  return { rows };`),
  'lambdas/steps/orders/check.ts': handlerOf('  return {};'),
};

async function tested(over: Readonly<Record<string, string>> = {}, ...more: string[]) {
  const root = await project({ ...files, ...over });
  const { exited } = spawnCli(['test', 'orders', '--faults', '12', '--input', '{"day":"x"}', ...more], { cwd: root });
  return exited;
}

interface Tested {
  readonly pipeline: string;
  readonly failures: { step: string; status: string; blocked: string[]; arrives: string[] }[];
  readonly faults: {
    readonly runs: number;
    readonly counts: Record<string, number>;
    readonly broken: { readonly seed: number; readonly violations: string[]; readonly command: string }[];
  };
}

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

  test('finds a handler whose rows depend on the attempt, and gives the command that shows it again', async () => {
    const over = {
      'lambdas/steps/orders/extract.ts': handlerOf(`
  await step.write('rows', [{ id: step.attempt }], { columns: { id: 'BIGINT' } });`),
    };
    const first = await tested(over, '--json');
    const [broken] = (first.json() as unknown as Tested).faults.broken;
    expect(first.code).toBe(1);
    expect(broken?.violations.join('\n')).toMatch(/extract dataset rows: line 0 is 1 rows/);
    expect(broken?.command).toBe(`npx daybreak test orders --faults 1 --seed ${broken?.seed} --input '{"day":"x"}'`);
    const text = await tested(over, '--seed', String(broken?.seed));
    expect(text.stdout).toContain(`seed ${broken?.seed} breaks a promise:`);
    expect(text.stdout).toContain(broken?.command);
  });

  test('refuses what it cannot run, in words', async () => {
    const bare = { 'lambdas/steps/orders/check.ts': 'export const handler = async () => ({});\n' };
    const ran = await tested(bare, '--json');
    expect(ran.json().error).toMatchObject({ code: 'CANNOT_TEST', message: expect.stringContaining('defineStep') });
    expect(ran.code).toBe(1);
    expect((await tested({}, '--seed', 'x')).stderr).toContain('--seed must be a whole number, not "x"');
  });
});
