import type { Sql } from '../sql.ts';
import { valueText } from '../value-text.ts';

const settingOf = (index: number): string => `daybreak.p${index + 1}`;

/**
 * A query in the two forms that an extraction needs. COPY takes no bind parameters, so the values are bound once, as settings of the transaction, and its text reads
 * those. No value is ever part of a text.
 */
export interface BoundQuery {
  /** With `$1`, `$2`, ...: the server finds out what type each value must have. */
  readonly numbered: string;
  /** Name of a setting to the value's text; null values need none. */
  readonly settings: ReadonlyMap<string, string>;
  /** The values' texts, null for null. */
  readonly texts: readonly (string | null)[];
  /** The setting that holds a value, counted from 0. */
  settingOf(index: number): string;
  /** With the settings read in place of the values, given the types that the server found. */
  withTypes(types: readonly string[]): string;
}

/** A trailing semicolon is a habit, and would be a syntax error inside of COPY. */
const trailing = /[\s;]+$/;

/** Splits a query from its values. */
export function boundQuery({ texts: parts, values }: Sql): BoundQuery {
  const bound = values.map((value, index) => valueText(value, index + 1));
  const join = (placeholder: (index: number) => string): string =>
    parts.map((text, index) => (index === 0 ? text : placeholder(index - 1) + text)).join('');
  const settings = new Map<string, string>();
  bound.forEach((text, index) => {
    if (text !== null) settings.set(settingOf(index), text);
  });
  return {
    numbered: join((index) => `$${index + 1}`).replace(trailing, ''),
    settings,
    texts: bound,
    settingOf,
    withTypes: (types) =>
      join((index) => {
        const type = types[index] ?? 'text';
        return bound[index] === null
          ? `(NULL::${type})`
          : `(pg_catalog.current_setting('${settingOf(index)}')::${type})`;
      }).replace(trailing, ''),
  };
}
