import { defineStep, PermanentError } from 'daybreak';

export const handler = defineStep<{ readonly fail: boolean }>(async (step) => {
  if (step.input.fail) throw new PermanentError('the input asked for a failure');
  return { passed: true };
});
