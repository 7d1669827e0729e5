import { defineStep } from 'daybreak';
import { extractPostgres, sql } from 'daybreak/sources';
import { databaseUrl } from '../connectors/database-url.ts';
import type { RiskInput } from './input.ts';

/** Columns of the dataset `positions`. */
export const positionColumns = {
  desk: 'VARCHAR',
  instrument: 'VARCHAR',
  currency: 'VARCHAR',
  quantity: 'DECIMAL(12,0)',
};

/** Writes the dataset `positions`: what each desk holds at the end of the day. */
export const handler = defineStep<RiskInput>(async (step) => ({
  positions: await extractPostgres(step, {
    url: await databaseUrl(step),
    dataset: 'positions',
    columns: positionColumns,
    query: sql`
      SELECT desk, instrument, currency::text AS currency, quantity
      FROM positions
      WHERE as_of = ${step.input.as_of}::date AND quantity <> 0
      ORDER BY desk COLLATE "C", instrument COLLATE "C"`,
  }),
}));
