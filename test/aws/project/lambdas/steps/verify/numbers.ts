import { defineStep } from 'daybreak';

export const handler = defineStep(async (step) => {
  await step.write('numbers', [{ n: 1 }, { n: 2 }], { columns: { n: 'BIGINT' } });
  return { rows: 2 };
});
