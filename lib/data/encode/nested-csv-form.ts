import { type Column, type ColumnType, renderColumnType } from '../../columns/column-type.ts';
import { quoteName } from '../../duckdb/quote.ts';
import type { CsvForm } from './csv-forms.ts';

type FormOf = (type: ColumnType) => CsvForm | null;

/** The type with texts for leaves: JSON's numbers are not looked at before their form has been. */
const withTexts = (type: ColumnType): ColumnType => {
  if (type.kind === 'LIST') return { kind: 'LIST', element: withTexts(type.element) };
  if (type.kind !== 'STRUCT') return { kind: 'VARCHAR' };
  return { kind: 'STRUCT', fields: type.fields.map(({ name, type: field }) => ({ name, type: withTexts(field) })) };
};

/** Names of lambdas' parameters, one per depth: SQL has no other way to tell an inner one from an outer one. */
const element = (depth: number): string => `element_${depth}`;

const fieldOf = (x: string, { name }: Column): string => `struct_extract(${x}, '${name.replaceAll("'", "''")}')`;

const fits = (type: ColumnType, x: string, formOf: FormOf, depth = 0): string => {
  if (type.kind === 'LIST') {
    const inner = fits(type.element, element(depth), formOf, depth + 1);
    return inner === 'true'
      ? inner
      : `coalesce(list_bool_and(list_transform(${x}, lambda ${element(depth)}: ${inner})), true)`;
  }
  if (type.kind === 'STRUCT') {
    const inner = type.fields.map((field) => fits(field.type, fieldOf(x, field), formOf, depth));
    const some = inner.filter((one) => one !== 'true');
    return some.length === 0 ? 'true' : `(${some.join(' AND ')})`;
  }
  const form = formOf(type);
  return form === null ? 'true' : `(${x} IS NULL OR (${form.fits(x)} AND ${form.cast(x, 'TRY_CAST')} IS NOT NULL))`;
};

type Word = 'CAST' | 'TRY_CAST';

const caster =
  (formOf: FormOf, word: Word) =>
  (type: ColumnType, x: string, depth = 0): string => {
    const cast = caster(formOf, word);
    if (type.kind === 'LIST') {
      const inner = cast(type.element, element(depth), depth + 1);
      return inner === element(depth) ? x : `list_transform(${x}, lambda ${element(depth)}: ${inner})`;
    }
    if (type.kind === 'STRUCT') {
      const fields = type.fields.map(
        (field) => `${quoteName(field.name)} := ${cast(field.type, fieldOf(x, field), depth)}`,
      );
      return `CASE WHEN ${x} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`;
    }
    return formOf(type)?.cast(x, word) ?? x;
  };

/** The CSV form of a list or a struct: JSON text, whose leaves have the forms of their types. */
export function nestedCsvForm(type: ColumnType, formOf: FormOf): CsvForm {
  const texts = renderColumnType(withTexts(type));
  const parsed = (field: string, word: Word): string => `${word}(TRY_CAST(${field} AS JSON) AS ${texts})`;
  return {
    fits: (field) =>
      `(coalesce(json_type(TRY_CAST(${field} AS JSON)), '') IN ('${type.kind === 'LIST' ? 'ARRAY' : 'OBJECT'}', 'NULL') AND ${fits(type, parsed(field, 'TRY_CAST'), formOf)})`,
    cast: (field, word = 'CAST') => caster(formOf, word)(type, parsed(field, word)),
    allowed: `JSON of that type, such as ${type.kind === 'LIST' ? '[...]' : '{"name": ...}'}, without digits that would be rounded`,
  };
}
