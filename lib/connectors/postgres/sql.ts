import { PermanentError } from '../../contract/errors.ts';

/** A value that may stand between `${` and `}` of a query. */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly SqlValue[]
  | Sql
  | Identifier;

/** A quoted name; only `ident` makes one. */
export class Identifier {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A piece of SQL, with its values separate; only `sql` makes one. */
export class Sql {
  /** One more than there are values. */
  readonly texts: readonly string[];
  readonly values: readonly unknown[];
  constructor(texts: readonly string[], values: readonly unknown[]) {
    this.texts = texts;
    this.values = values;
  }
}

/** PostgreSQL silently cuts longer names, so that two could become one. */
const longestName = 63;

/**
 * Quotes the name of a table or column: `ident('sales', 'Order "x"')` is `"sales"."Order ""x"""`. Text from outside becomes part of a query in no other way.
 */
export function ident(...names: readonly string[]): Identifier {
  if (names.length === 0) throw new PermanentError('ident() needs a name');
  for (const name of names) {
    const isName = typeof name === 'string' && name !== '' && name.isWellFormed() && !name.includes('\0');
    if (!isName || Buffer.byteLength(name) > longestName) {
      throw new PermanentError(
        `${JSON.stringify(name)?.slice(0, 100)} cannot be a name in PostgreSQL: 1 to ${longestName} bytes without NUL`,
      );
    }
  }
  return new Identifier(names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.'));
}

/**
 * A query: sql`SELECT * FROM orders WHERE order_date >= ${day}`. Values never become part of the text; they travel beside it. Another sql`...` is inserted with
 * its values, and ident('name') as a quoted name.
 */
export function sql(texts: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  const flat: { texts: string[]; values: unknown[] } = { texts: [texts[0] ?? ''], values: [] };
  const extend = (text: string): void => {
    flat.texts.push(`${flat.texts.pop() ?? ''}${text}`);
  };
  values.forEach((value, index) => {
    if (value instanceof Identifier) extend(value.text);
    else if (value instanceof Sql) {
      extend(value.texts[0] ?? '');
      flat.texts.push(...value.texts.slice(1));
      flat.values.push(...value.values);
    } else {
      flat.values.push(value);
      flat.texts.push('');
    }
    extend(texts[index + 1] ?? '');
  });
  return new Sql(flat.texts, flat.values);
}
