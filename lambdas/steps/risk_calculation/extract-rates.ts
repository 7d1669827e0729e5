import { defineStep, PermanentError } from 'daybreak';
import { byPageNumber, httpPages } from 'daybreak/sources';
import * as z from 'zod/mini';
import type { RiskInput } from './input.ts';

/** Columns of the dataset `rates`: euro for one unit of the currency. */
export const rateColumns = { day: 'DATE', currency: 'VARCHAR', rate: 'DECIMAL(10,6)' };

const page = z.object({
  rates: z.array(
    z.object({ day: z.iso.date(), currency: z.string(), rate: z.string().check(z.regex(/^\d+\.\d{1,6}$/)) }),
  ),
  /** Null on the last page. */
  next_page: z.nullable(z.int().check(z.positive())),
  total: z.int(),
});

/** Writes the dataset `rates`: every rate up to the day of valuation, from the API at RATES_URL. */
export const handler = defineStep<RiskInput>(async (step) => {
  const base = process.env.RATES_URL;
  if (base === undefined || !URL.canParse(base))
    throw new PermanentError('the variable RATES_URL must be the address of the rates');
  const rates = step.writer('rates', { columns: rateColumns });
  const pages = httpPages(step, {
    url: `${base.replace(/\/$/, '')}/rates?until=${step.input.as_of}`,
    paging: byPageNumber({ next: ({ next_page }: z.infer<typeof page>) => next_page }),
    schema: page,
    items: (body) => body.rates,
    key: ({ day, currency }) => `${day} ${currency}`,
  });
  for await (const { items, body } of pages) {
    await rates.append(items);
    await step.progress(rates.rowCount, body.total);
  }
  return { rates: rates.rowCount };
});
