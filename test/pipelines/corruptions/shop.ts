/** A pipeline over real order lines, a day per run: its template, and runs of it that end and publish. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseTemplate } from '../../../lib/compiler/template/parse-template.ts';
import type { StepSpec } from '../../../lib/contract/step-spec.ts';
import { finalize } from '../../../lib/runtime/execution/finalize.ts';
import { prepare } from '../../../lib/runtime/execution/prepare.ts';
import { aStart, aStep, attempt, type World } from '../../runtime/fixtures.ts';

const file = resolve('../shared/data/online_retail_sample.csv');
export const isMissing = !existsSync(file);
export const why = isMissing ? ` (skipped: there is no ${file})` : '';

/** Prices and quantities of the long tail are real, and no usual order line: they are set aside before the day is compared. */
const template = `name: sales
version: 1.0.0
publish: { datasets: [load.lines] }
steps:
  - name: load
    handler: load
    outputs:
      products: { schema: { code: VARCHAR } }
      lines:
        schema:
          line: VARCHAR
          invoice: VARCHAR
          code: VARCHAR
          description: VARCHAR
          quantity: BIGINT
          at: TIMESTAMP
          price: "DECIMAL(18,4)"
          customer: VARCHAR
          country: VARCHAR
        checks:
          - { range: { column: price, min: 0.01, max: 30 }, on_violation: quarantine }
          - { range: { column: quantity, min: 1, max: 200 }, on_violation: quarantine }
          - not_null: [line, invoice, code, quantity, at, price]
          - unique: line
          - regex: { column: code, pattern: '^(\\\\d{5}|[A-Z])' }
          - foreign_key: { columns: code, dataset: load.products }
          - freshness: { column: at, max_age: 30h }
          - name: as usual
            anomaly: { columns: [quantity, price, customer], measures: [row_count, null_share, mean] }
`.replaceAll('\\\\', '\\');

export type Line = Readonly<Record<string, string | null>>;

/** Order lines of the real file by day, in the order of days; without cancellations. */
export function realDays(): ReadonlyMap<string, readonly Line[]> {
  const lines = parse(readFileSync(file), { columns: true }) as Record<string, string>[];
  const days = new Map<string, Line[]>();
  for (const [index, row] of lines.entries()) {
    if (row.InvoiceNo?.startsWith('C')) continue;
    const day = row.InvoiceDate?.slice(0, 10) ?? '';
    days.set(day, [...(days.get(day) ?? []), lineOf(row, index)]);
  }
  return new Map([...days].sort());
}

const lineOf = (row: Record<string, string>, index: number): Line => ({
  ...{ line: `${row.InvoiceNo}-${index}`, invoice: row.InvoiceNo ?? '', code: row.StockCode ?? '' },
  ...{ description: row.Description || null, quantity: row.Quantity ?? '', price: row.UnitPrice ?? '' },
  ...{ at: `${row.InvoiceDate?.replace(' ', 'T')}Z`, customer: row.CustomerID || null, country: row.Country ?? '' },
});

const columns = {
  ...{ line: 'VARCHAR', invoice: 'VARCHAR', code: 'VARCHAR', description: 'VARCHAR', quantity: 'BIGINT' },
  ...{ at: 'TIMESTAMP', price: 'DECIMAL(18,4)', customer: 'VARCHAR', country: 'VARCHAR' },
};

function load(): StepSpec {
  const problems: string[] = [];
  const read = parseTemplate({ file: 'pipelines/sales.yaml', text: template }, {}, ({ message }) =>
    problems.push(message),
  );
  if (!read || problems.length > 0) throw new Error(problems.join('\n'));
  const outputs = Object.entries(read.steps[0]?.outputs ?? {}).map(([name, { schema, checks }]) => [
    name,
    { ...(schema && { schema }), checks: checks.map(({ index: _, ...check }) => check) },
  ]);
  const config = { initialization: {}, outputs: Object.fromEntries(outputs) };
  return aStep('load', { config, profiles: { lines: { top_values: true } } } as never);
}

const step = load();

/** Runs a day as the night after it does. Null if it succeeded, else the error of the step. */
export async function night(
  world: World,
  day: string,
  {
    lines,
    codes,
    run_id = day,
  }: { readonly lines: readonly Line[]; readonly codes: ReadonlySet<string>; readonly run_id?: string },
): Promise<string | null> {
  const scheduled_time = new Date(Date.parse(`${day}T01:00:00Z`) + 86_400_000).toISOString();
  const start = aStart({ arn: `arn:${run_id}`, input: { daybreak: { run_id, scheduled_time } } });
  const started = await prepare(
    { ...start, pipeline: { ...start.pipeline, overlap: { policy: 'skip' } } as never },
    world,
  );
  if (!('run' in started)) throw new Error(JSON.stringify(started));
  const { run } = started;
  const failed = await attempt(world, { step, run }, async (handler) => {
    await handler.write(
      'products',
      [...codes].map((code) => ({ code })),
      { columns: { code: 'VARCHAR' } },
    );
    const typed = lines.map((line) => ({ ...line, quantity: wholeOf(line.quantity) }));
    await handler.write('lines', typed as never, { columns });
    return {};
  }).then(
    () => null,
    (error: Error) => `${error.name}: ${error.message}`,
  );
  const ended = { run, redrive_count: 0, steps: [{ name: 'load' }], profiled: ['load'] };
  await finalize({ ...ended, publish: { datasets: { load: ['lines'] }, keep: 7 } }, world).catch(() => undefined);
  world.executions.set(`arn:${run_id}`, failed === null ? 'SUCCEEDED' : 'FAILED');
  return failed;
}

/** A whole number; any other text stays one, as a CSV reader without types gives it. */
const wholeOf = (text: string | null | undefined): unknown => (text && /^-?\d+$/.test(text) ? BigInt(text) : text);
