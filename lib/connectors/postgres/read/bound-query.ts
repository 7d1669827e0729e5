import type { Sql } from '../sql.ts';
import { valueText } from '../value-text.ts';

const settingOf = (index: number): string => `daybreak.p${index + 1}`;

/**
 * A query in the two forms that an extraction needs. COPY takes no bind parameters. So the values are bound once, as settings of the transaction, and COPY's
 * text reads the settings. No value is ever part of a text.
 */
export interface BoundQuery {
  /** The text with `$1`, `$2`, ...: from it the server infers the type of each value. */
  readonly numbered: string;
  /** Maps the name of a setting to the value's text; null values need no setting. */
  readonly settings: ReadonlyMap<string, string>;
  /** The texts of the values; null for null. */
  readonly texts: readonly (string | null)[];
  /** The setting that holds a value, counted from 0. */
  settingOf(index: number): string;
  /** The text that reads the settings in place of the values, given the types that the server inferred. */
  withTypes(types: readonly string[]): string;
}

/** Many authors end a query with a semicolon, which would be a syntax error inside COPY. */
const trailing = /[\s;]+$/;

/** Separates a query from its values. */
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
