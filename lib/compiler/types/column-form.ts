import { type Column, type ColumnType, renderColumnType } from '../../columns/column-type.ts';
import { parseColumnType } from '../../columns/parse-column-type.ts';
import { propertyName, quoted } from './type-text.ts';

/** A column's type as the generated declarations write it: `'DECIMAL(18,2)'`, `ListColumn<'VARCHAR'>`. */
export function columnForm(type: string): string {
  return formOf(parseColumnType(type));
}

function formOf(type: ColumnType): string {
  if (type.kind === 'LIST') return `ListColumn<${formOf(type.element)}>`;
  if (type.kind === 'STRUCT') return `StructColumn<${quoted(renderColumnType(type))}, ${fieldForms(type.fields)}>`;
  return quoted(renderColumnType(type));
}

const fieldForms = (fields: readonly Column[]): string =>
  `{ ${fields.map(({ name, type }) => `${propertyName(name)}: ${formOf(type)}`).join('; ')} }`;

/** The type of a value in a result, where numbers that JSON does not hold are text. Every value may be null. */
export function resultValueType(type: string): string {
  return `${resultOf(parseColumnType(type))} | null`;
}

function resultOf(type: ColumnType): string {
  switch (type.kind) {
    case 'BIGINT':
      return 'number | string';
    case 'INTEGER':
    case 'DOUBLE':
      return 'number';
    case 'BOOLEAN':
      return 'boolean';
    case 'LIST':
      return `(${resultOf(type.element)} | null)[]`;
    case 'STRUCT':
      return `{ ${type.fields.map((field) => `${propertyName(field.name)}: ${resultOf(field.type)} | null`).join('; ')} }`;
    default:
      return 'string';
  }
}
