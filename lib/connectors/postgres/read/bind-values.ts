import type pg from 'pg';
import { ValidationError } from '../../../contract/errors.ts';
import { serverTypes } from '../server-type.ts';
import type { BoundQuery } from './bound-query.ts';
import type { Snapshot } from './snapshot.ts';

const prefix = 'PREPARE daybreak_extract AS ';

/**
 * Lets the server infer the types of a query's values, stores the values as settings of the transaction, and returns the query's text that reads them. Each
 * setting, cast to its type, must equal the bound value as the server reads it. A type for which this is not true is a ValidationError.
 */
export async function bindValues(snapshot: Snapshot, doing: string, bound: BoundQuery): Promise<string> {
  const sent = { query: bound.numbered, offset: prefix.length };
  const types = await snapshot.run(doing, (client) => parameterTypes(client, bound.numbered), sent);
  if (types.length !== bound.texts.length) {
    throw new ValidationError(
      `${doing}: the query has ${bound.texts.length} values, of which the server sees ${types.length}: a value inside of quotes or a comment is no value; write \${value} without quotes`,
    );
  }
  await snapshot.run(doing, (client) => setSettings(client, bound.settings));
  const different = await snapshot.run(doing, (client) => readDifferently(client, bound, types));
  if (different !== null) {
    throw new ValidationError(
      `${doing}: value ${different + 1} of the query changes when it is cast to ${types[different]}: write \${value}::text::${types[different]}, or compare texts`,
    );
  }
  return bound.withTypes(types);
}

/** Stores texts in the transaction's settings, where COPY's query reads them. */
export async function setSettings(client: pg.Client, settings: ReadonlyMap<string, string>): Promise<void> {
  if (settings.size === 0) return;
  await client.query('SELECT pg_catalog.set_config(n, v, true) FROM unnest($1::text[], $2::text[]) AS s(n, v)', [
    [...settings.keys()],
    [...settings.values()],
  ]);
}

/** The types that the server gives to `$1`, `$2`, ... of a query, without modifiers. */
const parameterTypes = async (client: pg.Client, numbered: string): Promise<readonly string[]> => {
  // The extended protocol takes one statement only, so a text cannot add another.
  await client.query({ text: prefix + numbered, queryMode: 'extended' } as { text: string });
  const { rows } = await client.query<{ id: string }>(
    `SELECT p.id::oid::int8 AS id FROM pg_catalog.pg_prepared_statements s, unnest(s.parameter_types) WITH ORDINALITY AS p(id, position)
     WHERE s.name = 'daybreak_extract' ORDER BY p.position`,
  );
  await client.query('DEALLOCATE daybreak_extract');
  const types = await serverTypes(
    client,
    rows.map(({ id }) => ({ id: Number(id), modifier: -1 })),
  );
  return types.map(({ cast }) => cast);
};

/**
 * Finds the first value whose bound form differs from the cast of its setting; null if there is none. `format` writes values as COPY does; casts to text do
 * not.
 */
const readDifferently = async (
  client: pg.Client,
  { texts, settingOf }: BoundQuery,
  types: readonly string[],
): Promise<number | null> => {
  const given = texts.flatMap((text, index) => (text === null ? [] : [{ text, index }]));
  if (given.length === 0) return null;
  const same = given.map(
    ({ index }, at) =>
      `pg_catalog.format('%s', $${at + 1}::${types[index]}) = pg_catalog.format('%s', pg_catalog.current_setting('${settingOf(index)}')::${types[index]})`,
  );
  const { rows } = await client.query<{ same: boolean[] }>(
    `SELECT ARRAY[${same.join(', ')}] AS same`,
    given.map(({ text }) => text),
  );
  const wrong = rows[0]?.same.indexOf(false) ?? -1;
  return wrong < 0 ? null : (given[wrong]?.index ?? null);
};
