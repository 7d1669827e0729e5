import fc from 'fast-check';

/** A column's type with values: the handler's value, and the value that a reader must get. */
interface Sample {
  readonly type: string;
  readonly value: fc.Arbitrary<{ readonly given: unknown; readonly read: unknown }>;
}

const same = <T>(arbitrary: fc.Arbitrary<T>) =>
  arbitrary.map((value) => ({ given: value as unknown, read: value as unknown }));

const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));
const moment = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9999-12-31T23:59:59.999Z'),
  noInvalidDate: true,
});
const bigint = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const small = (value: bigint): boolean => value >= -(2n ** 53n) + 1n && value <= 2n ** 53n - 1n;

const decimal = (precision: number, scale: number) =>
  fc.bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n }).map((units) => {
    const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
    const sign = units < 0n ? '-' : '';
    const read = scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
    // As people write it: without trailing zeros.
    const given = scale === 0 ? read : read.replace(/\.?0+$/, '');
    return { given: given === '-' || given === '' ? '0' : given, read };
  });

const scalar: fc.Arbitrary<Sample> = fc.oneof(
  fc.constant<Sample>({ type: 'VARCHAR', value: same(text) }),
  fc.constant<Sample>({
    type: 'BIGINT',
    value: bigint.map((value) => ({ given: value, read: small(value) ? Number(value) : value })),
  }),
  fc.constant<Sample>({ type: 'INTEGER', value: same(fc.integer().map((value) => value + 0)) }),
  fc.constant<Sample>({ type: 'DOUBLE', value: same(fc.double({ noNaN: true, noDefaultInfinity: true })) }),
  fc.constant<Sample>({ type: 'BOOLEAN', value: same(fc.boolean()) }),
  fc.constant<Sample>({ type: 'DATE', value: same(moment.map((value) => value.toISOString().slice(0, 10))) }),
  fc.constant<Sample>({
    type: 'TIMESTAMP',
    value: moment.map((value) => ({ given: value, read: value.toISOString() })),
  }),
  fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.integer({ min: 0, max: 38 }))
    .filter(([precision, scale]) => scale <= precision)
    .map(
      ([precision, scale]): Sample => ({ type: `DECIMAL(${precision},${scale})`, value: decimal(precision, scale) }),
    ),
);

const orNull = (value: Sample['value']): Sample['value'] =>
  fc.option(value, { freq: 5, nil: { given: null, read: null } });

const nested: fc.Arbitrary<Sample> = fc.oneof(
  scalar.map(
    ({ type, value }): Sample => ({
      type: `${type}[]`,
      value: fc
        .array(orNull(value), { maxLength: 4 })
        .map((items) => ({ given: items.map((item) => item.given), read: items.map((item) => item.read) })),
    }),
  ),
  fc.array(scalar, { minLength: 1, maxLength: 3 }).map(
    (fields): Sample => ({
      type: `STRUCT(${fields.map(({ type }, index) => `f${index} ${type}`).join(', ')})`,
      value: fc.tuple(...fields.map(({ value }) => orNull(value))).map((values) => ({
        given: Object.fromEntries(values.map(({ given }, index) => [`f${index}`, given])),
        read: Object.fromEntries(values.map(({ read }, index) => [`f${index}`, read])),
      })),
    }),
  ),
);

/** Columns, a handler's rows, and the rows that a reader must get. */
export const arbitraryDataset = fc
  .uniqueArray(
    fc.tuple(
      text.filter((name) => name !== '' && name !== '__proto__'),
      fc.oneof(scalar, nested),
    ),
    {
      minLength: 1,
      maxLength: 6,
      selector: ([name]) => name.toLowerCase(),
    },
  )
  .chain((columns) =>
    fc.array(fc.tuple(...columns.map(([, { value }]) => orNull(value))), { maxLength: 30 }).map((rows) => ({
      columns: Object.fromEntries(columns.map(([name, { type }]) => [name, type])),
      given: rows.map((row) => Object.fromEntries(row.map(({ given }, index) => [columns[index]?.[0] ?? '', given]))),
      read: rows.map((row) => Object.fromEntries(row.map(({ read }, index) => [columns[index]?.[0] ?? '', read]))),
    })),
  );
