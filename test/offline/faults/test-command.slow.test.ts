import { expect, test } from 'vitest';
import { handlerOf } from '../../cli/project.ts';
import { type Tested, tested } from './tested-project.ts';

test('daybreak test finds a handler whose rows depend on the attempt, and gives the command that shows it again', async () => {
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
