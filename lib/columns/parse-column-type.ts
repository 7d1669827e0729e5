import { PermanentError } from '../contract/errors.ts';
import { checkDepth } from './check-depth.ts';
import { checkNames } from './check-names.ts';
import { type Column, type ColumnType, type ScalarName, scalarNames } from './column-type.ts';

const allowed = `${scalarNames.join(', ')}, DECIMAL(p,s), STRUCT(name TYPE, ...) and TYPE[]`;

/** DuckDB's limit. */
const maxPrecision = 38;

/** A word, a quoted name, a number, or one character of punctuation. */
const token = /\s*(?<text>[A-Za-z_][A-Za-z0-9_]*|"(?:[^"]|"")*"|\d+|[^\s])/y;

/** Parses a type in DuckDB's notation, in upper or lower case. Throws a PermanentError that lists the allowed types. */
export function parseColumnType(text: string): ColumnType {
  const tokens = tokensOf(text);
  let at = 0;

  const fail = (problem: string): never => {
    throw new PermanentError(`"${text}" is not a column type: ${problem}; allowed are ${allowed}`);
  };
  const next = (): string => tokens[at++] ?? '';
  const expect = (wanted: string): void => {
    const found = next();
    if (found !== wanted) fail(`"${wanted}" is missing before ${found === '' ? 'the end' : `"${found}"`}`);
  };
  const number = (): number => {
    const found = next();
    return /^\d+$/.test(found) ? Number(found) : fail(`"${found}" is not a number`);
  };

  const type = (): ColumnType => {
    let parsed = base();
    while (tokens[at] === '[') {
      at += 1;
      expect(']');
      parsed = { kind: 'LIST', element: parsed };
    }
    return parsed;
  };
  const base = (): ColumnType => {
    const name = next();
    const kind = name.toUpperCase();
    if (kind === 'DECIMAL') return decimal();
    if (kind === 'STRUCT') return { kind, fields: fields() };
    const scalar = scalarNames.find((each): each is ScalarName => each === kind);
    return scalar === undefined
      ? fail(name === '' ? 'it ends too early' : `"${name}" is not a type here`)
      : { kind: scalar };
  };
  const decimal = (): ColumnType => {
    expect('(');
    const precision = number();
    expect(',');
    const scale = number();
    expect(')');
    if (precision < 1 || precision > maxPrecision) fail(`the precision is 1 to ${maxPrecision}, not ${precision}`);
    if (scale > precision) fail(`the scale ${scale} is greater than the precision ${precision}`);
    return { kind: 'DECIMAL', precision, scale };
  };
  const fields = (): Column[] => {
    const found: Column[] = [];
    expect('(');
    do {
      found.push({ name: fieldName(), type: type() });
    } while (tokens[at] === ',' && next());
    expect(')');
    const fault = checkNames(found.map(({ name }) => name));
    return fault === null ? found : fail(fault);
  };
  const fieldName = (): string => {
    const found = next();
    if (found.startsWith('"')) return found.slice(1, -1).replaceAll('""', '"');
    return /^[A-Za-z_]/.test(found) ? found : fail(`a field's name is missing before "${found}"`);
  };

  const parsed = type();
  if (at < tokens.length) fail(`"${tokens[at]}" is too much`);
  const fault = checkDepth(parsed);
  return fault === null ? parsed : fail(fault);
}

const tokensOf = (text: string): string[] => {
  const tokens: string[] = [];
  const scan = new RegExp(token);
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) tokens.push(match.groups?.text ?? '');
  return tokens;
};
