/** Names and texts of a template as TypeScript. */

const plainName = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** A text as a literal: `'it\'s'`. No text can end the literal or its line. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** The name of a property. */
export function propertyName(name: string): string {
  return plainName.test(name) ? name : quoted(name);
}

/** A text for people in one line that cannot end a comment. */
function commentText(text: string): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replaceAll('*/', '* /')
    .trim();
}

/** One property of a type, or one member of an interface. */
export interface Member {
  readonly name: string;
  readonly type: string;
  readonly optional?: boolean;
  readonly comment?: string | null;
}

/** An object type, one member a line, its first line without indentation; `indent` is that of the line in which it stands. */
export function objectType(members: readonly Member[], indent: string): string {
  if (members.length === 0) return '{}';
  const inner = `${indent}  `;
  return `{\n${members.map((member) => memberText(member, inner)).join('')}${indent}}`;
}

function memberText({ name, type, optional = false, comment }: Member, indent: string): string {
  const words = comment ? commentText(comment) : '';
  const lead = words === '' ? '' : `${indent}/** ${words} */\n`;
  return `${lead}${indent}${name}${optional ? '?' : ''}: ${type};\n`;
}

/** The union of types, each once, in their order; `never` of none. */
export function unionOf(types: readonly string[]): string {
  const each = [...new Set(types)].filter((type) => type !== 'never');
  if (each.includes('unknown')) return 'unknown';
  return each.length === 0 ? 'never' : each.map((type) => (each.length > 1 ? inBrackets(type) : type)).join(' | ');
}

/** A type that may stand beside `&`, `|` or `[]`. */
export function inBrackets(type: string): string {
  return /^(\{[^{}]*\}|[\w$.]+|'(?:[^'\\]|\\.)*')$/.test(type) ? type : `(${type})`;
}
