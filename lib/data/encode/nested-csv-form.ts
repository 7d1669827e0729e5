import { type Column, type ColumnType, renderColumnType } from '../../columns/column-type.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import type { CsvForm } from './csv-forms.ts';

type FormOf = (type: ColumnType) => CsvForm | null;

/**
 * How a field's JSON is taken apart. DuckDB makes a double of each number before anything can be seen of it. So in a doubtful text, numbers become texts first, marked, so that they do not pass for
 * texts of their own.
 */
interface Parsing {
  readonly text: (field: string) => string;
  readonly isMarked: boolean;
}

/** Begins the text of each marked number, as JSON writes it. */
const mark = '\\u0001number\\u0001';

const plain: Parsing = { text: (field) => field, isMarked: false };
const marked: Parsing = {
  // What stands before a number, strings included, then the number; or the rest of the text, behind which a marked nothing is put and cut off.
  text: (field) =>
    `regexp_replace(${field}, '((?:[^"0-9-]|"(?:[^"\\\\]|\\\\.)*")*)(?:(-?[0-9][0-9.eE+-]*)|$)', '\\1"${mark.replaceAll('\\', '\\\\')}\\2"', 'g')[:${-1 - `"${mark}"`.length}]`,
  isMarked: true,
};

/** A number of 16 digits may lose some, one with four zeros behind the point would get an exponent, and a NUL character is no text. */
const isDoubtful = (field: string): string =>
  `regexp_matches(${field}, '[0-9][0-9.]{15}|[^0-9]0[.]0000[0-9]*[1-9]|\\\\u0000')`;

/** The type with JSON for texts, so that a number does not pass for one, and texts for all other leaves: their forms are looked at before they are values. */
const withTexts = (type: ColumnType): string => {
  if (type.kind === 'LIST') return `${withTexts(type.element)}[]`;
  if (type.kind === 'STRUCT')
    return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${withTexts(field.type)}`).join(', ')})`;
  return type.kind === 'VARCHAR' ? 'JSON' : 'VARCHAR';
};

/** Names of lambdas' parameters, one per depth: SQL has no other way to tell an inner one from an outer one. */
const element = (depth: number): string => `element_${depth}`;

const fieldOf = (x: string, { name }: Column): string => `struct_extract(${x}, ${quoteText(name)})`;

/** A leaf that is not null: SQL that is true where it has its type's form, and SQL for its value. */
const leafOf = (type: ColumnType, x: string, { isMarked }: Parsing, formOf: FormOf) => {
  const form = formOf(type);
  if (form !== null) {
    const text = isMarked ? `replace(${x}, chr(1) || 'number' || chr(1), '')` : x;
    return { hasForm: form.fits(text), value: form.cast(text) };
  }
  const value = `(${x} ->> '$')`;
  const isText = `starts_with(${x}, '"')`;
  if (!isMarked) return { hasForm: isText, value };
  return { hasForm: `(${isText} AND NOT starts_with(${x}, '"${mark}') AND NOT contains(${value}, chr(0)))`, value };
};

interface Rules {
  readonly parsing: Parsing;
  readonly formOf: FormOf;
}

const valueSql = (type: ColumnType, x: string, rules: Rules, depth = 0): string => {
  if (type.kind === 'LIST')
    return `list_transform(${x}, lambda ${element(depth)}: ${valueSql(type.element, element(depth), rules, depth + 1)})`;
  if (type.kind === 'STRUCT') {
    const fields = type.fields.map(
      (field) => `${quoteName(field.name)} := ${valueSql(field.type, fieldOf(x, field), rules, depth)}`,
    );
    return `CASE WHEN ${x} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`;
  }
  const { hasForm, value } = leafOf(type, x, rules.parsing, rules.formOf);
  // TRY takes no error(); a text that is no integer is an error, too.
  const misfit = `CAST(CAST(CAST('misfit ' || ${x} AS INTEGER) AS VARCHAR) AS ${renderColumnType(type)})`;
  return `CASE WHEN ${x} IS NULL OR ${hasForm} THEN ${value} ELSE ${misfit} END`;
};

/** The CSV form of a list or a struct: JSON text with every field of each struct, whose leaves have the forms of their types. */
export function nestedCsvForm(type: ColumnType, formOf: FormOf): CsvForm {
  const texts = withTexts(type);
  const valueBy = (parsing: Parsing, field: string): string =>
    valueSql(type, `CAST(CAST(${parsing.text(field)} AS JSON) AS ${texts})`, { parsing, formOf });
  const cast = (field: string): string =>
    `CASE WHEN ${isDoubtful(field)} THEN ${valueBy(marked, field)} ELSE ${valueBy(plain, field)} END`;
  return {
    fits: (field) => `(trim(${field}) = 'null' OR TRY(${cast(field)}) IS NOT NULL)`,
    cast,
    isChecked: true,
    allowed: `JSON of that type, such as ${type.kind === 'LIST' ? '[...]' : '{"name": ...}'}`,
  };
}
