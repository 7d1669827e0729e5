/**
 * Decides which DuckDB functions a query may call. The lists come from a review of duckdb_functions(). Table functions are closed: only those listed here may
 * run, because most of them read files or the catalog. Scalar functions and aggregates are open except for those below, because they compute from their
 * arguments. A test checks all of DuckDB's functions. It fails if a new one has effects, is volatile or is a macro over the catalog, and these rules do not
 * cover it.
 */
const tableFunctions: readonly string[] = [
  'generate_series',
  'json_each',
  'json_tree',
  'range',
  'repeat',
  'repeat_row',
  'unnest',
];

/** Refused scalar functions, with their effect. */
const forbidden: readonly { readonly what: string; readonly names: readonly string[] }[] = [
  {
    what: 'takes SQL as a text, which no one has checked',
    names: ['json_deserialize_sql', 'json_serialize_plan', 'json_serialize_sql', 'query', 'query_table'],
  },
  {
    what: 'changes the engine, or keeps it waiting',
    names: ['currval', 'nextval', 'setseed', 'sleep_ms', 'write_log'],
  },
  {
    what: 'takes the inside of an aggregate as bytes, which can be anything',
    names: ['combine', 'finalize'],
  },
  {
    what: 'tells of the engine and not of the data',
    names: [
      'col_description',
      'current_catalog',
      'current_connection_id',
      'current_database',
      'current_query',
      'current_query_id',
      'current_role',
      'current_schema',
      'current_schemas',
      'current_setting',
      'current_transaction_id',
      'current_user',
      'format_pg_type',
      'format_type',
      'get_block_size',
      'getenv',
      'getvariable',
      'in_search_path',
      'map_to_pg_oid',
      'obj_description',
      'parse_duckdb_log_message',
      'session_user',
      'shobj_description',
      'stats',
      'txid_current',
      'user',
    ],
  },
];

/** Families of which queries need no member, except `pg_typeof`. */
const families = /^(duckdb|has|inet|json_execute|parquet|pg|pragma|read|sniff|sql)_/;

const reasons = new Map(forbidden.flatMap(({ what, names }) => names.map((name) => [name, what] as const)));

/** Returns why a query may not call a table function, or null. The name is folded. */
export function refuseTableFunction(name: string): string | null {
  return tableFunctions.includes(name)
    ? null
    : `the table function ${name} is not allowed: a query reads datasets of upstream steps and nothing else; allowed are ${tableFunctions.join(', ')}`;
}

/** Returns why a query may not call a scalar function or an aggregate, or null. The name is folded. */
export function refuseScalarFunction(name: string): string | null {
  const what = reasons.get(name) ?? (families.test(name) && name !== 'pg_typeof' ? 'does more than compute' : null);
  return what === null ? null : `the function ${name} is not allowed: it ${what}`;
}
