import { ValidationError } from '../../../contract/errors.ts';
import { quotedValue } from '../../../exact/quoted-value.ts';
import type { Sql } from '../sql.ts';
import { boundQuery } from './bound-query.ts';
import { resultColumns } from './describe-query.ts';
import type { Snapshot } from './snapshot.ts';
import { valueReader } from './value-reader.ts';

/** The driver rounds moments to the millisecond, reads numeric[] as doubles and JSON by JSON.parse; so it only hands texts on. */
const asText = { getTypeParser: () => String } as unknown as NonNullable<import('pg').CustomTypesConfig>;

/** The rows of a small query, every value exact. A ValidationError names the row and column of a value that has no exact form here. */
export async function readRows<Row extends object>(snapshot: Snapshot, query: Sql): Promise<Row[]> {
  const { numbered, texts } = boundQuery(query);
  const sent = { query: numbered, offset: 0 };
  const { fields, rows } = await snapshot.run(
    'reading rows',
    (client) =>
      client.query<(string | null)[]>({ text: numbered, values: [...texts], rowMode: 'array', types: asText }),
    sent,
  );
  const columns = await snapshot.run('reading rows', (client) => resultColumns(client, fields));
  const twice = columns.find(({ name }, index) => columns.findIndex((one) => one.name === name) !== index);
  if (twice) throw new ValidationError(`the query gives two columns "${twice.name}": rename one with AS`);
  const readers = columns.map(({ type }) => valueReader(type));
  return rows.map((row, number) => {
    const values = row.map((text, index) => {
      try {
        return [columns[index]?.name, text === null ? null : readers[index]?.(text)];
      } catch (error) {
        const { name, type } = columns[index] ?? { name: '', type: { shown: '' } };
        throw new ValidationError(
          `row ${number + 1}, column "${name}" (${type.shown}), ${quotedValue(text ?? '')}: ${(error as Error).message}`,
        );
      }
    });
    return Object.fromEntries(values) as Row;
  });
}
