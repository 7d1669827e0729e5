import type { ColumnType } from '../../../columns/column-type.ts';
import type { LogicalType, VectorAccess } from '../../../duckdb/load-vectors.ts';

/** DuckDB's type numbers in its C interface. */
const typeIds: Readonly<Record<ColumnType['kind'], number>> = {
  BOOLEAN: 1,
  INTEGER: 4,
  BIGINT: 5,
  DOUBLE: 11,
  TIMESTAMP: 12,
  DATE: 13,
  VARCHAR: 17,
  DECIMAL: 19,
  LIST: 24,
  STRUCT: 25,
};

/**
 * True if a vector has exactly this type, including the names of fields. Never decode a vector of another type: the decoder could take its bytes for addresses.
 */
export function isVectorOf(access: VectorAccess, actual: LogicalType, type: ColumnType): boolean {
  if (access.get_type_id(actual) !== typeIds[type.kind]) return false;
  if (type.kind === 'DECIMAL') {
    return access.decimal_width(actual) === type.precision && access.decimal_scale(actual) === type.scale;
  }
  if (type.kind === 'LIST') return isVectorOf(access, access.list_type_child_type(actual), type.element);
  if (type.kind !== 'STRUCT') return true;
  return (
    access.struct_type_child_count(actual) === type.fields.length &&
    type.fields.every(
      ({ name, type: field }, index) =>
        access.struct_type_child_name(actual, index) === name &&
        isVectorOf(access, access.struct_type_child_type(actual, index), field),
    )
  );
}
