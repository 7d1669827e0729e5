import { defineStep } from 'daybreak';
import { expect, test } from 'vitest';
import { stepFailure, stepTest } from '../../lib/testing/index.ts';
import { project } from '../cli/project.ts';

const handler = defineStep(async (step) => {
  const mark = await step.watermark('row');
  mark.set(Number(mark.value ?? 0) + 2);
  await step.write('orders', [{ id: 1 }], { columns: { id: 'BIGINT' } });
  return mark.value === null ? 'none' : Number(mark.value);
});

const template = (published: string) => ({
  'pipelines/sales.yaml': `name: sales\n${published}\nsteps:\n  - { name: load, handler: load, outputs: { orders: {} } }\n`,
});

test('a test gives watermarks by name, and sees what the handler set', async () => {
  expect(await stepTest(handler, { watermarks: { row: 5 } })).toMatchObject({ result: 5, watermarks: { row: 7 } });
  expect(await stepTest(handler)).toMatchObject({ result: 'none', watermarks: { row: 2 } });
});

test('as a step of a template it has the watermarks that its pipeline can have', async () => {
  const publishes = await project(template('publish: { datasets: [load.orders] }'));
  const ran = await stepTest(handler, { root: publishes, step: 'sales.load' } as object);
  expect(ran.watermarks).toEqual({ row: 2 });
  const { message } = await stepFailure(handler, { root: await project(template('')), step: 'sales.load' } as object);
  expect(message).toMatch(/no published dataset of pipeline sales is made of what step load makes/);
});
