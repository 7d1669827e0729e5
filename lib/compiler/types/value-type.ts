import type { Json } from '../../contract/json.ts';
import { inBrackets, objectType, propertyName, unionOf } from './type-text.ts';

/** The type of a configuration: that of its values, not the values themselves. */
export function typeOfValue(value: Json, indent: string): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const element = unionOf(value.map((item) => typeOfValue(item, indent)));
    return `readonly ${element === 'never' ? 'unknown' : inBrackets(element)}[]`;
  }
  if (typeof value !== 'object') return typeof value;
  return objectType(
    Object.entries(value).map(([name, item]) => ({
      name: `readonly ${propertyName(name)}`,
      type: typeOfValue(item, `${indent}  `),
    })),
    indent,
  );
}

/** The type that has exactly this value. */
export function literalType(value: Json, literal: (text: string) => string): string {
  if (Array.isArray(value)) return `readonly [${value.map((item) => literalType(item, literal)).join(', ')}]`;
  if (typeof value === 'string') return literal(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const members = Object.entries(value).map(
    ([name, item]) => `readonly ${propertyName(name)}: ${literalType(item, literal)}`,
  );
  return members.length === 0 ? '{}' : `{ ${members.join('; ')} }`;
}
