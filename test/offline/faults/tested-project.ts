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

export async function tested(over: Readonly<Record<string, string>> = {}, ...more: string[]) {
  const root = await project({ ...files, ...over });
  return spawnCli(['test', 'orders', '--faults', '12', '--input', '{"day":"x"}', ...more], { cwd: root }).exited;
}

export interface Tested {
  readonly pipeline: string;
  readonly failures: { step: string; status: string; blocked: string[]; arrives: string[] }[];
  readonly faults: {
    readonly runs: number;
    readonly counts: Record<string, number>;
    readonly broken: { readonly seed: number; readonly violations: string[]; readonly command: string }[];
  };
}
