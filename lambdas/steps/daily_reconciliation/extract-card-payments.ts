import { defineStep, PermanentError } from 'daybreak';
import { byCursor, httpPages } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { ReconciliationInput } from './input.ts';
import { ControlTotal, controlText, paymentColumns } from './payments.ts';

const text = z.string().check(z.minLength(1));
const amount = z.string().check(z.regex(/^-?\d+\.\d\d$/));
const page = z.object({
  payments: z.array(z.object({ payment_id: text, reference: text, amount, currency: text })),
  /** The last payment_id of this page; null on the last page. */
  next: z.nullable(text),
  total: z.int(),
  /** Sum of all amounts of the day. */
  control_total: amount,
});

/** Writes the dataset `payments`: all payments of the day by the card provider at CARD_PROVIDER_URL, which count and sum have to confirm. */
export const handler = defineStep<ReconciliationInput>(async (step) => {
  const base = process.env.CARD_PROVIDER_URL;
  if (base === undefined || !URL.canParse(base))
    throw new PermanentError('the variable CARD_PROVIDER_URL must be the address of the card provider');
  const payments = step.writer('payments', { columns: paymentColumns });
  const read = new ControlTotal();
  let stated = controlText(0, '0.00');
  const pages = httpPages(step, {
    url: `${base.replace(/\/$/, '')}/payments?day=${step.input.day}`,
    paging: byCursor(({ next }: z.infer<typeof page>) => next, { parameter: 'after' }),
    schema: page,
    items: (body) => body.payments,
    key: ({ payment_id }) => payment_id,
    token: () => step.secret('card_token'),
  });
  for await (const { items, body } of pages) {
    await payments.append(items);
    for (const payment of items) read.add(payment.amount);
    stated = controlText(body.total, body.control_total);
    await step.progress(payments.rowCount, body.total);
  }
  await step.check('control total of the card provider', String(read) === stated, {
    measured: String(read),
    allowed: stated,
  });
  return { payments: payments.rowCount };
});
