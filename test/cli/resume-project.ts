import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { cli } from './cli.ts';
import { handlerOf } from './project.ts';

export function rowsOf(name: string, content: string): string {
  return handlerOf(
    `  await step.write('rows', [{ made_by: ${content} }], { columns: { made_by: 'VARCHAR' } });\n  return '${name}';`,
  );
}

const broken = handlerOf("  throw new Error('the CRM is down');");

/** `users` fails; `orders` is independent of it. */
export const files = {
  'pipelines/demo.yaml': `name: demo
version: 1.0.0
steps:
  - name: users
    handler: { callable: users, initialization: { batch_size: 10 } }
    retry: { max_attempts: 1 }
  - name: orders
    handler: { callable: orders }
  - name: join
    handler: { callable: join }
    dependencies: [users, orders]
  - name: report
    handler: { callable: report }
    dependencies: [join]
`,
  'lambdas/steps/demo/users.ts': broken,
  'lambdas/steps/demo/orders.ts': rowsOf('orders', "'orders'"),
  'lambdas/steps/demo/join.ts': rowsOf('join', "JSON.stringify(step.result('users'))"),
  'lambdas/steps/demo/report.ts': rowsOf('report', "'report'"),
};

export type Report = {
  readonly run_id: string;
  readonly execution: number;
  readonly status: string;
  readonly steps: Readonly<Record<string, { readonly outcome: string }>>;
  readonly decisions: Readonly<Record<string, { readonly decision: string; readonly reason: string }>>;
};

export async function runIn(root: string, args: readonly string[]) {
  const ran = await cli([...args, '--json'], { cwd: root });
  return { ...ran, report: ran.json() as unknown as Report };
}

export function outcomesOf({ steps }: Report) {
  return Object.fromEntries(Object.entries(steps).map(([name, { outcome }]) => [name, outcome]));
}

export function reasonsOf({ decisions }: Report) {
  return Object.fromEntries(
    Object.entries(decisions).map(([name, { decision, reason }]) => [name, `${decision}: ${reason}`]),
  );
}

export async function dryRun(root: string, run: string, ...args: string[]) {
  return reasonsOf((await cli(['resume', 'demo', run, '--dry-run', '--json', ...args], { cwd: root })).json() as never);
}

export async function edit(root: string, file: string, from: string, to: string) {
  const text = await readFile(join(root, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(root, file), text.replace(from, to));
}

export const allReused = {
  users: 'reuse: reused',
  orders: 'reuse: reused',
  join: 'reuse: reused',
  report: 'reuse: reused',
};
