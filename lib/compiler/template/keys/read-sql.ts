import type { SqlTemplate } from '../template.ts';
import { describe, type Entry, isEmpty, quote } from '../tree/tree.ts';
import { type Key, type KeyTable, type Reader, type Shape, takes } from './key-table.ts';
import { checkExpressions } from './read-expression.ts';
import { readMapping } from './read-mapping.ts';
import { datasetForm, datasetName } from './read-outputs.ts';
import { flag, mapping, text } from './read-value.ts';
import { pathInProject } from './resolve-handler.ts';

const filePath: Reader<string> = takes({ type: ['string', 'number', 'boolean'] }, (value, reading, key) => {
  const read = text(value, reading, key);
  if (read === null) return null;
  const path = pathInProject(read);
  if (path !== null && path !== '.' && !path.endsWith('/')) return path;
  const message = `"${key}" is ${quote(read)}; it has to be the path of a file below the template's folder, like reports/revenue.sql`;
  reading.say('BAD_PATH', value.range, message);
  return null;
});

/** Control characters that no query has; the parser would stop at them or read past them. */
const control = /[^\P{Cc}\s]/u;

const queryText: Reader<string> = takes({ type: 'string', pattern: '\\S' }, (value, reading, key) => {
  const written = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
  if (written.trim() !== '' && !control.test(written)) return written;
  if (written.trim() !== '') reading.say('BAD_VALUE', value.range, `"${key}" has control characters in it`);
  else reading.say('BAD_TYPE', value.range, `"${key}" is the text of a query, but this is ${describe(value)}`);
  return null;
});

/** Where a query is. */
export const file = {
  name: 'file',
  means: "path of the query's file, from the template's folder",
  read: filePath,
} satisfies Key;

/** A query written out. */
export const query = { name: 'query', means: 'the query itself', read: queryText } satisfies Key;

/** Keys of one of several queries. */
export const queryKeys: KeyTable = { of: 'a query', keys: [file, query] };

const oneQuery: Shape = takes(
  (of) => of(queryKeys),
  (value, reading) => readMapping(value, queryKeys, reading),
);

const datasets: Shape = takes(
  (of) => ({ type: 'object', propertyNames: { pattern: datasetForm.source }, additionalProperties: of(queryKeys) }),
  (value, reading, key) => {
    const map = mapping(value, reading, key);
    if (map === null) return null;
    const entries = new Map<string, Entry>();
    for (const [name, entry] of map.entries)
      if (datasetName(name, entry, reading))
        entries.set(name, { ...entry, value: oneQuery(entry.value, reading, name) ?? entry.value });
    return { ...map, entries };
  },
);

const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const parameters: Reader<SqlTemplate['params']> = takes(
  {
    type: 'object',
    propertyNames: { pattern: parameterName.source },
    additionalProperties: { type: ['string', 'number', 'boolean', 'null'] },
  },
  (value, reading, key) => {
    const good: [string, string | number | boolean | null][] = [];
    const seen = new Map<string, Entry>();
    for (const [name, entry] of mapping(value, reading, key)?.entries ?? []) {
      const complain = (what: string): void =>
        reading.say('BAD_PARAMETER', entry.key, `the parameter ${quote(name)} ${what}`);
      const other = seen.get(name.toLowerCase());
      seen.set(name.toLowerCase(), entry);
      if (!parameterName.test(name))
        complain('has a name that is not of letters, digits and "_", beginning with a letter or "_"');
      else if (other) complain(`exists as "${other.written}" too: names ignore case`);
      else if (entry.value.kind !== 'scalar')
        complain(`has to be text, a number, a flag, or {% JSONata %}, but is ${describe(entry.value)}`);
      else {
        checkExpressions(entry.value, reading);
        good.push([name, entry.value.value]);
      }
    }
    return Object.fromEntries(good);
  },
);

/** The values of `$name` in queries. */
export const params = {
  name: 'params',
  means: 'what `$name` is in the queries: a value, or `{% JSONata %}`',
  read: parameters,
} satisfies Key;

/** True if NaN and infinities fail the step. */
export const finite = {
  name: 'finite',
  means: '`true`: NaN or an infinity in a DOUBLE column of a result, as a division by zero gives, fails the step',
  read: flag,
} satisfies Key;

/** Keys of `sql`. */
export const sqlKeys: KeyTable = {
  of: '"sql"',
  keys: [
    file,
    query,
    {
      name: 'datasets',
      means: 'instead of one query: queries by the name of the dataset that each makes',
      shape: datasets,
    },
    { name: 'result', means: "with `datasets`: a query of one row, which becomes the step's result", shape: oneQuery },
    params,
    finite,
  ],
};

/** Queries instead of a handler. */
export const sql: Shape = takes(
  (of) => of(sqlKeys),
  (value, reading, key) => {
    if (isEmpty(value) || value.kind === 'map') return readMapping(value, sqlKeys, reading);
    const hint = value.kind === 'scalar' ? `; write { file: ... } or { query: ... }` : '';
    reading.say('BAD_TYPE', value.range, `"${key}" is a mapping, but this is ${describe(value)}${hint}`);
    return null;
  },
);
