import { describe, type Entry, isEmpty, quote, type Tree } from '../tree/tree.ts';
import type { Key, KeyTable, ReadValue } from './key-table.ts';
import { checkExpressions } from './read-expression.ts';
import { readMapping } from './read-mapping.ts';
import { datasetName } from './read-outputs.ts';
import { freeMapping, text } from './read-value.ts';
import { pathInProject } from './resolve-handler.ts';

/** What stands for a value that was reported: it is there, so nobody has to miss it. */
const unreadable = ({ range }: Tree): Tree => ({ kind: 'scalar', value: null, text: '', range });

const file: ReadValue = (value, reading, key) => {
  const read = text(value, reading, key);
  if (read?.kind !== 'scalar') return unreadable(value);
  const path = pathInProject(read.text);
  if (path !== null && path !== '.' && !path.endsWith('/')) return { ...read, value: path };
  const message = `"${key}" is ${quote(read.text)}; it has to be the path of a file below the template's folder, like reports/revenue.sql`;
  reading.say('BAD_PATH', value.range, message);
  return unreadable(value);
};

/** Control characters that no query has; the parser would stop at them or read past them. */
const control = /[^\P{Cc}\s]/u;

const query: ReadValue = (value, reading, key) => {
  const isText = value.kind === 'scalar' && typeof value.value === 'string' && value.value.trim() !== '';
  if (isText && !control.test(value.text)) return value;
  if (isText) reading.say('BAD_VALUE', value.range, `"${key}" has control characters in it`);
  else reading.say('BAD_TYPE', value.range, `"${key}" is the text of a query, but this is ${describe(value)}`);
  return unreadable(value);
};

const textKeys: readonly Key[] = [
  { name: 'file', means: "path of the query's file, from the template's folder", read: file },
  { name: 'query', means: 'the query itself', read: query },
];

/** Keys of one of several queries. */
export const queryKeys: KeyTable = { of: 'a query', keys: textKeys };

const oneQuery: ReadValue = (value, reading) => readMapping(value, queryKeys, reading);

const datasets: ReadValue = (value, reading, key) => {
  if (value.kind !== 'map') return freeMapping(value, reading, key);
  const entries = new Map<string, Entry>();
  for (const [name, entry] of value.entries) {
    if (!datasetName(name, entry, reading)) continue;
    entries.set(name, { ...entry, value: oneQuery(entry.value, reading, name) ?? unreadable(entry.value) });
  }
  return { ...value, entries };
};

const parameterName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const params: ReadValue = (value, reading, key) => {
  if (value.kind !== 'map') return freeMapping(value, reading, key);
  const entries = new Map<string, Entry>();
  const seen = new Map<string, Entry>();
  for (const [name, entry] of value.entries) {
    const complain = (what: string): void =>
      reading.say('BAD_PARAMETER', entry.key, `the parameter ${quote(name)} ${what}`);
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), entry);
    if (!parameterName.test(name))
      complain('has a name that is not of letters, digits and "_", beginning with a letter or "_"');
    else if (other) complain(`is there as "${other.written}" too: upper and lower case are the same`);
    else if (entry.value.kind !== 'scalar')
      complain(`has to be text, a number, a flag, or {% JSONata %}, but is ${describe(entry.value)}`);
    else entries.set(name, entry);
  }
  checkExpressions({ ...value, entries }, reading);
  return { ...value, entries };
};

/** Keys of `sql`. */
export const sqlKeys: KeyTable = {
  of: '"sql"',
  keys: [
    ...textKeys,
    {
      name: 'datasets',
      means: 'instead of one query: queries by the name of the dataset that each makes',
      read: datasets,
    },
    { name: 'result', means: "with `datasets`: a query of one row, which becomes the step's result", read: oneQuery },
    { name: 'params', means: 'what `$name` is in the queries: a value, or `{% JSONata %}`', read: params },
  ],
};

/** Queries instead of a handler. */
export const sql: ReadValue = (value, reading, key) => {
  if (isEmpty(value) || value.kind === 'map') return readMapping(value, sqlKeys, reading);
  const hint = value.kind === 'scalar' ? `; write { file: ... } or { query: ... }` : '';
  reading.say('BAD_TYPE', value.range, `"${key}" is a mapping, but this is ${describe(value)}${hint}`);
  return null;
};
