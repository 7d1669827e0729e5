import { text } from 'node:stream/consumers';
import { defineStep, PermanentError, RetryableError } from 'daybreak';
import { loadFiles } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { ReconciliationInput } from './input.ts';
import { ControlTotal, controlText, paymentColumns } from './payments.ts';

const options = z.strictObject({ folder: z.string() });
const control = z.object({ payments: z.int(), control_total: z.string() });

/** Seconds until the next look for a file that has not come. */
const nextLook = 600;

/** Writes the dataset `payments` from the bank's file of the day, which its control file has to confirm. The bank writes the control file last. */
export const handler = defineStep<ReconciliationInput>(async (step) => {
  const { folder } = options.parse(step.config);
  const { day } = step.input;
  const key = `${folder}/${day}.control.json`;
  const found = await step.object(key);
  if (found === null) throw new RetryableError(`there is no ${key} yet`, { retryAfter: nextLook });
  const stated = control.safeParse(JSON.parse(await text(found)));
  if (!stated.success) throw new PermanentError(`${key} has to be like {"payments": 1, "control_total": "0.00"}`);

  const read = new ControlTotal();
  const { rows } = await loadFiles(step, {
    dataset: 'payments',
    columns: paymentColumns,
    files: `${folder}/${day}.csv`,
    check({ amount }) {
      if (amount === null || amount === undefined) return 'amount is empty';
      read.add(String(amount));
      return null;
    },
  });
  const allowed = controlText(stated.data.payments, stated.data.control_total);
  await step.check('control total of the bank', String(read) === allowed, { measured: String(read), allowed });
  return { payments: rows };
});
