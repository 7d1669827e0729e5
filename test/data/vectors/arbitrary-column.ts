import fc from 'fast-check';
import type { Value } from '../../../lib/data/row.ts';

/** A value as SQL, and as a handler must read it. */
export interface Written {
  readonly sql: string;
  readonly read: Value;
}

/** A column type with values for it. */
export interface ArbitraryColumn {
  readonly type: string;
  readonly value: fc.Arbitrary<Written>;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''").split('\0').join("' || chr(0) || '")}'`;

const cast = (text: string, type: string): string => `CAST((${quoted(text)}) AS ${type})`;

/** Texts around the lengths at which DuckDB changes their storage, with characters of one to four bytes. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: fc.constantFrom('a', "'", '\0', '"', '\n'), minLength: 10, maxLength: 14 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '€', '\u{1f600}'), minLength: 3, maxLength: 14 }),
  fc.integer({ min: 100, max: 5000 }).map((length) => 'x'.repeat(length)),
);

const bigint = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 53n) - 3n, max: -(2n ** 53n) + 3n }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
);

const isSafe = (value: bigint): boolean => value > -(2n ** 53n) && value < 2n ** 53n;

/** Days and microseconds within the range of Date. */
const days = fc.oneof(fc.integer({ min: -100_000_000, max: 100_000_000 }), fc.integer({ min: -800_000, max: 800_000 }));
const micros = fc.oneof(
  fc.bigInt({ min: -8_640_000_000_000_000_000n, max: 8_640_000_000_000_000_000n }),
  fc.bigInt({ min: -9_000_000_000n, max: 9_000_000_000n }).map((seconds) => seconds * 1_000_000n),
  fc.bigInt({ min: -9_000_000_000_000n, max: 9_000_000_000_000n }).map((millis) => millis * 1000n),
);

const isoMoment = (value: bigint): string => {
  const rest = ((value % 1000n) + 1000n) % 1000n;
  const iso = new Date(Number((value - rest) / 1000n)).toISOString();
  return rest === 0n ? iso : iso.replace('Z', `${String(rest).padStart(3, '0')}Z`);
};

const decimalText = (units: bigint, scale: number): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const at = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, at)}${scale === 0 ? '' : '.'}${digits.slice(at)}`;
};

const decimal = fc
  .tuple(fc.integer({ min: 1, max: 38 }), fc.nat(38))
  .map(([precision, scale]) => ({ precision, scale: Math.min(precision, scale) }))
  .map(({ precision, scale }): ArbitraryColumn => {
    const type = `DECIMAL(${precision},${scale})`;
    const most = 10n ** BigInt(precision) - 1n;
    const near = 10n ** BigInt(Math.min(precision, 17)) - 1n;
    return {
      type,
      value: fc
        .oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -near, max: near }))
        .map((units) => decimalText(units, scale))
        .map((read) => ({ sql: cast(read, type), read })),
    };
  });

const scalar: fc.Arbitrary<ArbitraryColumn> = fc.oneof(
  fc.constant<ArbitraryColumn>({ type: 'VARCHAR', value: text.map((read) => ({ sql: `(${quoted(read)})`, read })) }),
  fc.constant<ArbitraryColumn>({
    type: 'BIGINT',
    value: bigint.map((each) => ({ sql: cast(String(each), 'BIGINT'), read: isSafe(each) ? Number(each) : each })),
  }),
  fc.constant<ArbitraryColumn>({
    type: 'INTEGER',
    value: fc.integer().map((read) => ({ sql: cast(String(read), 'INTEGER'), read: read + 0 })),
  }),
  fc.constant<ArbitraryColumn>({
    type: 'DOUBLE',
    value: fc.double().map((read) => ({ sql: cast(Object.is(read, -0) ? '-0' : String(read), 'DOUBLE'), read })),
  }),
  fc.constant<ArbitraryColumn>({
    type: 'BOOLEAN',
    value: fc.boolean().map((read) => ({ sql: String(read), read })),
  }),
  fc.constant<ArbitraryColumn>({
    type: 'DATE',
    value: fc.oneof(
      {
        weight: 9,
        arbitrary: days.map((each) => ({
          sql: `(DATE '1970-01-01' + (${each}))`,
          read: new Date(each * 86_400_000).toISOString().slice(0, -14),
        })),
      },
      fc.constantFrom('infinity', '-infinity').map((read) => ({ sql: cast(read, 'DATE'), read })),
    ),
  }),
  fc.constant<ArbitraryColumn>({
    type: 'TIMESTAMP',
    value: fc.oneof(
      { weight: 9, arbitrary: micros.map((each) => ({ sql: `make_timestamp(${each})`, read: isoMoment(each) })) },
      fc.constantFrom('infinity', '-infinity').map((read) => ({ sql: cast(read, 'TIMESTAMP'), read })),
    ),
  }),
  decimal,
);

/** The values, with null for one in five. */
const orNull = (value: fc.Arbitrary<Written>): fc.Arbitrary<Written> =>
  fc.option(value, { freq: 5, nil: { sql: 'NULL', read: null } });

const listOf = ({ type, value }: ArbitraryColumn): ArbitraryColumn => ({
  type: `${type}[]`,
  value: fc.array(orNull(value), { maxLength: 4 }).map((items) => ({
    sql: `CAST([${items.map(({ sql }) => sql).join(', ')}] AS ${type}[])`,
    read: items.map(({ read }) => read),
  })),
});

const structOf = (fields: readonly (readonly [string, ArbitraryColumn])[]): ArbitraryColumn => {
  const type = `STRUCT(${fields.map(([name, field]) => `"${name.replaceAll('"', '""')}" ${field.type}`).join(', ')})`;
  return {
    type,
    value: fc.tuple(...fields.map(([, { value }]) => orNull(value))).map((values) => ({
      sql: `CAST({${values.map(({ sql }, index) => `${quoted(fields[index]?.[0] ?? '')}: ${sql}`).join(', ')}} AS ${type})`,
      read: Object.fromEntries(values.map(({ read }, index) => [fields[index]?.[0] ?? '', read])),
    })),
  };
};

/** Names that need quoting, and names of object members ("constructor" confuses the comparison). */
const names = ['a', 'B c', 'quote"d', "it's", 'd.o.t', '\u{1f600}', 'valueOf', 'select', 'x'.repeat(200)];

const columnOf = (depth: number): fc.Arbitrary<ArbitraryColumn> => {
  if (depth === 0) return scalar;
  const inner = columnOf(depth - 1);
  return fc.oneof(
    { weight: 3, arbitrary: scalar },
    inner.map(listOf),
    fc
      .tuple(
        fc.shuffledSubarray(names, { minLength: 1, maxLength: 3 }),
        fc.array(inner, { minLength: 3, maxLength: 3 }),
      )
      .map(([chosen, types]) => structOf(chosen.map((name, index) => [name, types[index] as ArbitraryColumn]))),
  );
};

/** Columns of any type, at most three levels deep, with rows. */
export const arbitraryColumns = fc
  .tuple(
    fc.shuffledSubarray(names, { minLength: 1, maxLength: 5 }),
    fc.array(columnOf(3), { minLength: 5, maxLength: 5 }),
  )
  .chain(([chosen, columns]) => {
    const used = chosen.map((name, index) => [name, columns[index] as ArbitraryColumn] as const);
    return fc
      .array(fc.tuple(...used.map(([, { value }]) => orNull(value))), { minLength: 1, maxLength: 20 })
      .map((rows) => ({ columns: used.map(([name, { type }]) => ({ name, type })), rows }));
  });
