import { type Column, type ColumnType, renderColumnType } from '../../columns/column-type.ts';
import { quoteName, quoteText } from '../../duckdb/quote.ts';
import type { CsvForm } from './csv-form.ts';

type FormOf = (type: ColumnType) => CsvForm | null;

/**
 * The way to parse a field's JSON. DuckDB converts each number to a double before SQL can see it. So in a doubtful text, each number first becomes a text with
 * a mark, which distinguishes it from ordinary texts.
 */
interface Parsing {
  readonly text: (field: string) => string;
  readonly isMarked: boolean;
}

/** The prefix of each marked number's text, as JSON writes it. */
const mark = '\\u0001number\\u0001';

const plain: Parsing = { text: (field) => field, isMarked: false };
const marked: Parsing = {
  // Matches the text before a number, strings included, then the number; or the rest of the text. A marked empty number follows the rest and is cut off.
  text: (field) =>
    `regexp_replace(${field}, '((?:[^"0-9-]|"(?:[^"\\\\]|\\\\.)*")*)(?:(-?[0-9][0-9.eE+-]*)|$)', '\\1"${mark.replaceAll('\\', '\\\\')}\\2"', 'g')[:${-1 - `"${mark}"`.length}]`,
  isMarked: true,
};

/**
 * True for texts that DuckDB may misread. A number of 16 digits may lose some, and a number with four zeros after the point would get an exponent. A NUL
 * character is not text.
 */
const isDoubtful = (field: string): string =>
  `regexp_matches(${field}, '[0-9][0-9.]{15}|[^0-9]0[.]0000[0-9]*[1-9]|\\\\u0000')`;

/**
 * Returns the type with JSON for texts, so that a number does not pass for a text. All other leaves become texts, so that SQL can check their forms before it
 * converts them.
 */
const withTexts = (type: ColumnType): string => {
  if (type.kind === 'LIST') return `${withTexts(type.element)}[]`;
  if (type.kind === 'STRUCT')
    return `STRUCT(${type.fields.map((field) => `${quoteName(field.name)} ${withTexts(field.type)}`).join(', ')})`;
  return type.kind === 'VARCHAR' ? 'JSON' : 'VARCHAR';
};

/** Returns the name of a lambda's parameter at a depth. SQL has no other way to distinguish an inner parameter from an outer one. */
const element = (depth: number): string => `element_${depth}`;

const fieldOf = (x: string, { name }: Column): string => `struct_extract(${x}, ${quoteText(name)})`;

/** For a leaf that is not null: SQL that is true if it has its type's form, and SQL for its value. */
const leafOf = (type: ColumnType, x: string, { isMarked }: Parsing, formOf: FormOf) => {
  const form = formOf(type);
  if (form !== null) {
    const text = isMarked ? `system.main.replace(${x}, chr(1) || 'number' || chr(1), '')` : x;
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
  // TRY does not accept error(). A cast of a text that is not an integer also fails.
  const misfit = `CAST(CAST(CAST('misfit ' || ${x} AS INTEGER) AS VARCHAR) AS ${renderColumnType(type)})`;
  return `CASE WHEN ${x} IS NULL OR ${hasForm} THEN ${value} ELSE ${misfit} END`;
};

/** Returns the CSV form of a list or a struct: JSON text with every field of each struct, whose leaves have the forms of their types. */
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
