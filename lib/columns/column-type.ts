/** The type of a column, with DuckDB's names. */
export type ColumnType =
  | { readonly kind: ScalarName }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'STRUCT'; readonly fields: readonly Column[] }
  | { readonly kind: 'LIST'; readonly element: ColumnType };

/** Types that consist of a name only. */
export const scalarNames = ['VARCHAR', 'BIGINT', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP'] as const;
export type ScalarName = (typeof scalarNames)[number];

/** A column of a dataset, or a field of a STRUCT. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

const plainName = /^[A-Za-z_][A-Za-z0-9_]*$/;

const renderField = ({ name, type }: Column): string =>
  `${plainName.test(name) ? name : `"${name.replaceAll('"', '""')}"`} ${renderColumnType(type)}`;

/** The one spelling of a type: equal types have equal texts. */
export function renderColumnType(type: ColumnType): string {
  if (type.kind === 'DECIMAL') return `DECIMAL(${type.precision},${type.scale})`;
  if (type.kind === 'STRUCT') return `STRUCT(${type.fields.map(renderField).join(', ')})`;
  if (type.kind === 'LIST') return `${renderColumnType(type.element)}[]`;
  return type.kind;
}
