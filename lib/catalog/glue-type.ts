import type { ColumnType } from '../columns/column-type.ts';
import { PermanentError } from '../contract/errors.ts';

const scalars = {
  VARCHAR: 'string',
  BIGINT: 'bigint',
  INTEGER: 'int',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
} as const;

/** Names that need no quoting in a type of Hive, which has none. */
const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The type of a column in the Glue Data Catalog, as Athena reads it from Parquet (https://docs.aws.amazon.com/athena/latest/ug/data-types.html). Throws a PermanentError for a STRUCT whose fields have
 * names that Hive's notation of types cannot hold.
 */
export function glueType(type: ColumnType): string {
  if (type.kind === 'DECIMAL') return `decimal(${type.precision},${type.scale})`;
  if (type.kind === 'LIST') return `array<${glueType(type.element)}>`;
  if (type.kind !== 'STRUCT') return scalars[type.kind];
  const fields = type.fields.map((field) => {
    if (!plainName.test(field.name))
      throw new PermanentError(
        `the field "${field.name}" of a STRUCT has a name that a table of the catalog cannot have: use letters, digits and underscores`,
      );
    return `${field.name.toLowerCase()}:${glueType(field.type)}`;
  });
  return `struct<${fields.join(',')}>`;
}
