/** The keys of a file of unit tests. */
import type { Json } from '../../contract/json.ts';
import { key, type Reader } from '../template/keys/key-table.ts';
import { flag, freeMapping, mapping, text } from '../template/keys/read-value.ts';
import { describe, type Tree, toJson } from '../template/tree/tree.ts';

/** Any value that is not empty. */
const anything: Reader<Json> = (value) => toJson(value);

const list: Reader<readonly Tree[]> = (value, reading, name) => {
  if (value.kind === 'list') return value.items;
  reading.say('BAD_TYPE', value.range, `"${name}" is a list, but this is ${describe(value)}`);
  return null;
};

/** The distance that a number may have from the expected one: 0 or more. */
export const distance: Reader<number> = (value, reading, name) => {
  if (value.kind === 'scalar' && typeof value.value === 'number' && value.value >= 0) return value.value;
  const message = `"${name}" is a number from 0 on, as far as a value may be from the expected one, but this is ${describe(value)}`;
  reading.say('BAD_TYPE', value.range, message);
  return null;
};

export const fileKeys = {
  step: key('step', 'the step that is tested', text, { required: true }),
  tests: key('tests', 'the tests, each with its name', list, { required: true }),
};

export const testKeys = {
  name: key('name', 'what the step does, in words', text, { required: true }),
  input: key('input', "the run's input", freeMapping),
  config: key('config', "in place of the template's handler.initialization", freeMapping),
  secrets: key('secrets', 'values by the names that the template declares', freeMapping),
  upstream: key('upstream', 'by dependency: its result and datasets, or failed, blocked, skipped', mapping),
  expect: key('expect', 'the result, the rows, or the error', mapping, { required: true }),
};

export const upstreamKeys = {
  result: key('result', 'what the dependency returns', anything),
  datasets: key('datasets', 'rows by dataset', mapping),
};

export const rowsKeys = {
  columns: key('columns', 'column types by name', freeMapping, { required: true }),
  rows: key('rows', 'the rows', list, { required: true }),
};

export const expectKeys = {
  result: key('result', 'the result; of a mapping only the named keys', anything),
  tolerance: key('tolerance', 'how far numbers of the result may be away', distance),
  datasets: key('datasets', 'rows by dataset', mapping),
  error: key('error', 'the error that the step has to throw', mapping),
};

export const expectedRowsKeys = {
  rows: key('rows', 'the rows; only the named columns count', list, { required: true }),
  ordered: key('ordered', 'true if the order of the rows counts', flag),
  tolerance: key('tolerance', 'how far numbers may be away, by column', mapping),
};

export const errorKeys = {
  name: key('name', 'its name, such as PermanentError', text),
  message: key('message', 'a part of its text', text),
};
