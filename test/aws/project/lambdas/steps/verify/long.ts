import { setTimeout as sleep } from 'node:timers/promises';
import { defineStep } from 'daybreak';

/** Longer than one Lambda invocation. */
const minutes = 17;

export const handler = defineStep<{ readonly long: boolean }, object, { readonly done: number }>(async (step) => {
  if (!step.input.long) return { minutes: 0 };
  for (let done = step.checkpoint?.done ?? 0; done < minutes; done++) {
    await step.yieldIfDue({ done });
    await sleep(60_000, undefined, { signal: step.signal });
  }
  return { minutes };
});
