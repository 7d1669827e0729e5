import { isObject, type Json } from '../../../contract/json.ts';

/** Fields that mean the same in both query languages, per type of state. */
const neutralFields: Readonly<Record<string, readonly string[]>> = {
  Pass: ['Next', 'End', 'Assign'],
  Succeed: [],
  Fail: ['Error', 'Cause'],
  Wait: ['Next', 'End', 'Seconds', 'Timestamp'],
};

/**
 * The reason why a JSONPath state cannot be run as if it were in JSONata; null if it can, because nothing in it depends on the query language: machines that
 * mix both often have such states between those in JSONata.
 */
export function whyNotNeutral(state: Readonly<Record<string, Json>>): string | null {
  const type = String(state.Type);
  const fields = neutralFields[type];
  if (fields === undefined) return `a ${type} state always depends on the query language`;
  const allowed = ['Type', 'Comment', 'QueryLanguage', ...fields];
  const other = Object.keys(state).find((field) => !allowed.includes(field));
  if (other !== undefined) return `${other} depends on the query language`;
  return isLiteral(state) ? null : 'it holds a path, an intrinsic function or an expression';
}

/** True when the value is plain data in both languages. */
const isLiteral = (value: Json): boolean => {
  if (typeof value === 'string') return !value.startsWith('{%');
  if (Array.isArray(value)) return value.every(isLiteral);
  if (!isObject(value)) return true;
  return Object.entries(value).every(([key, member]) => !key.endsWith('.$') && isLiteral(member));
};
