/** A type of PostgreSQL with values at its edges, as texts that its input function reads. */
export interface TypeRow {
  /** Name in pg_type. */
  readonly name: string;
  readonly values: readonly string[];
  /** The dataset's type that holds all of the values; null for a type that must be read as `x::text`. */
  readonly column: string | null;
  /** Values that only their text keeps exactly. */
  readonly onlyAsText?: readonly string[];
  /** The name as a column's type, if it differs. */
  readonly declared?: string;
}

const row = (name: string, column: string | null, values: readonly string[], more: Partial<TypeRow> = {}): TypeRow => ({
  name,
  column,
  values,
  ...more,
});

const texts = [
  '',
  ' ',
  'DE',
  ' two blanks  ',
  'a"b,c',
  "it's",
  'tab\tline\nreturn\r',
  '\\N',
  '\\.',
  'NULL',
  '日本 🏔 é',
];

/** Every type of PostgreSQL 15 that a column can have and that has an input function, with values of more than one character. */
export const everyType: readonly TypeRow[] = [
  row('bool', 'BOOLEAN', ['true', 'false']),
  row('bytea', null, ['\\x', '\\x00ff5c0a', '\\xdeadbeef']),
  row('char', 'VARCHAR', ['D', ' ', '', '\\'], { declared: '"char"' }),
  row('name', 'VARCHAR', ['DE', 'x'.repeat(63), 'a"b']),
  row('int8', 'BIGINT', ['9223372036854775807', '-9223372036854775808', '0', '9007199254740993']),
  row('int2', 'INTEGER', ['32767', '-32768', '10']),
  row('int2vector', null, ['1 2 3', '-10 20', '']),
  row('int4', 'INTEGER', ['2147483647', '-2147483648', '10']),
  row('regproc', null, ['textin', '-']),
  row('text', 'VARCHAR', texts),
  row('oid', 'BIGINT', ['0', '4294967295', '10']),
  row('tid', null, ['(0,1)', '(4294967295,65535)']),
  row('xid', null, ['10', '4294967295']),
  row('cid', null, ['10', '4294967295']),
  row('oidvector', null, ['1 4294967295', '']),
  row('json', 'VARCHAR', ['{"a": 1, "a": 2}', '  [1,  2.50, 12345678901234567890.12345] ', 'null', '"DE"', '1e400']),
  row('xml', 'VARCHAR', ['<a href="x">b &amp; c</a>', 'only text']),
  row('point', null, ['(1.5,-2)', '(0.1,1e+300)']),
  row('lseg', null, ['[(1,2),(3,4.25)]']),
  row('path', null, ['[(1,2),(3,4)]', '((1,2),(3,4),(5,6))']),
  row('box', null, ['(3,4),(1,2)']),
  row('polygon', null, ['((0,0),(1,1),(2,0))']),
  row('line', null, ['{1,-1,0.5}']),
  row('cidr', 'VARCHAR', ['10.0.0.0/8', '2001:db8::/32', '10.1.2.3/32']),
  row('float4', 'DOUBLE', ['0.1', '1.17549435e-38', '3.4028235e+38', '-0', 'NaN', '-Infinity', '16777216', '1e-45']),
  row('float8', 'DOUBLE', ['0.1', '5e-324', '1.7976931348623157e+308', '-0', 'NaN', 'Infinity', '9007199254740993']),
  row('circle', null, ['<(1,2),3.5>']),
  row('macaddr8', 'VARCHAR', ['08:00:2b:01:02:03:04:05']),
  row('money', null, ['$1,234.56', '-$0.01', '$92,233,720,368,547,758.07']),
  row('macaddr', 'VARCHAR', ['08:00:2b:01:02:03']),
  row('inet', 'VARCHAR', ['10.0.0.1', '10.0.0.1/24', '::1', 'fe80::1/64']),
  row('aclitem', null, ['postgres=arwdDxt/postgres', '=r/postgres']),
  row('bpchar', 'VARCHAR', ['DE', 'DE  ', ' DE', ''], { declared: 'pg_catalog.bpchar' }),
  row('varchar', 'VARCHAR', texts),
  row('date', 'DATE', ['0001-01-01', '9999-12-31', '2024-02-29'], {
    onlyAsText: ['infinity', '-infinity', '0044-03-15 BC', '12026-01-01'],
  }),
  row('time', null, ['00:00:00', '23:59:59.999999', '24:00:00']),
  row('timestamp', 'TIMESTAMP', ['0001-01-01 00:00:00', '9999-12-31 23:59:59.999999', '2026-01-31 12:00:00.1'], {
    onlyAsText: ['infinity', '-infinity', '0044-03-15 12:00:00.5 BC', '12026-01-01 00:00:00'],
  }),
  row(
    'timestamptz',
    'TIMESTAMP',
    ['0001-01-01 00:00:00+00', '9999-12-31 23:59:59.999999+00', '2026-01-31 23:30:00.123456-05'],
    { onlyAsText: ['infinity', '-infinity', '0044-03-15 12:00:00.5+00 BC', '12026-01-01 00:00:00+00'] },
  ),
  row('interval', null, [
    'P1Y2M3DT4H5M6.789S',
    '-1 day',
    '00:00:00.000001',
    '178000000 years',
    '1 mon -1 day +01:00:00.5',
    '0',
  ]),
  row('timetz', null, ['12:00:00.123456+05:30', '24:00:00-15:59:59', '00:00:00+00']),
  row('bit', null, ['10110', '1', '0'.repeat(70)], { declared: 'pg_catalog."bit"' }),
  row('varbit', null, ['10110', '', '1'.repeat(70)]),
  row('numeric', null, [
    'NaN',
    'Infinity',
    '-Infinity',
    '1.50',
    '-0.000000000000000000001',
    `${'9'.repeat(40)}.1`,
    '0',
  ]),
  row('refcursor', null, ['cursor one', '']),
  row('regprocedure', null, ['textin(cstring)']),
  row('regoper', null, ['|/']),
  row('regoperator', null, ['+(integer,integer)']),
  row('regclass', null, ['pg_class']),
  row('regtype', null, ['integer', 'character varying', '"char"', 'bit']),
  row('uuid', 'VARCHAR', ['6a2f41a3-c54c-fce8-32d2-0324e1c32e22', '00000000-0000-0000-0000-000000000000']),
  row('txid_snapshot', null, ['10:20:10,14,15']),
  row('pg_lsn', null, ['16/B374D848', '0/0']),
  row('tsvector', null, [`'a':1A 'fat':2,4 'it''s':5`, '']),
  row('tsquery', null, [`'fat' & ( 'rat' | !'cat':AB* )`, '']),
  row('regconfig', null, ['english']),
  row('regdictionary', null, ['simple']),
  row('jsonb', 'VARCHAR', [
    '{"a": [1, 2.50, null, "x\\ny"], "b": {"c": 12345678901234567890.123456789}}',
    'null',
    '"é🏔"',
    '1.0',
    '[]',
  ]),
  row('int4range', null, ['[1,10)', 'empty', '(,5)', '[7,)']),
  row('numrange', null, ['[1.0,2.50)', '(,)']),
  row('tsrange', null, ['["2026-01-31 12:00:00.123456","2026-02-01 00:00:00")']),
  row('tstzrange', null, ['["2026-01-31 12:00:00.123456+00",infinity)']),
  row('daterange', null, ['[2026-01-01,2026-02-01)']),
  row('int8range', null, ['[1,9223372036854775807)']),
  row('jsonpath', null, ['$."a"[*]?(@ > 1)', 'strict $."b"']),
  row('regnamespace', null, ['pg_catalog']),
  row('regrole', null, ['postgres']),
  row('regcollation', null, ['"C"']),
  row('int4multirange', null, ['{[1,3),[5,8)}', '{}']),
  row('nummultirange', null, ['{[1.0,2.50)}']),
  row('tsmultirange', null, ['{["2026-01-31 12:00:00.5","2026-02-01 00:00:00")}']),
  row('tstzmultirange', null, ['{["2026-01-31 12:00:00+00","2026-02-01 00:00:00+00")}']),
  row('datemultirange', null, ['{[2026-01-01,2026-02-01)}']),
  row('int8multirange', null, ['{[1,3)}']),
  row('pg_snapshot', null, ['10:20:10,14,15']),
  row('xid8', null, ['18446744073709551615', '10']),
  // The test creates these types.
  row('mood', 'VARCHAR', ['sad', 'happy "very"']),
  row('cents', 'DECIMAL(12,2)', ['9999999999.99', '-0.01']),
  row('code', 'VARCHAR', ['DE', 'D ']),
  row('pair', null, ['(1,2.50,"x,y ""z""")', '(,,)', '(-5,0.00,"")']),
];

/** Types without an input function. */
export const withoutInput = [
  'pg_node_tree',
  'gtsvector',
  'pg_ndistinct',
  'pg_dependencies',
  'pg_mcv_list',
  'pg_brin_bloom_summary',
  'pg_brin_minmax_multi_summary',
];

/** The types that the test creates. */
export const ownTypes = `
  CREATE TYPE mood AS ENUM ('sad', 'happy "very"');
  CREATE DOMAIN cents AS numeric(12,2) CHECK (VALUE > -1000);
  CREATE DOMAIN code AS char(2);
  CREATE TYPE pair AS (a int, b numeric(10,2), c text);`;

export function declaredType({ name, declared }: TypeRow): string {
  return declared ?? name;
}
