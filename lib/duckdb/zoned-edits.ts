import type { Edit } from './edited-text.ts';
import { closingBracket } from './guard/scan-sql.ts';

const castCall = /(?:TRY_)?CAST\s*\(/iy;
const typeAtEnd = /\bAS\s+"?(?<type>timestamp|datetime|date)"?\s*$/i;

/** Makes a cast at an index go through TIMESTAMPTZ: `x::DATE`, `CAST(x AS DATE)` and `TRY_CAST(x AS DATE)`. */
export function castEdits(text: string, at: number): Edit[] {
  if (text.startsWith('::', at)) return [{ at, end: at, text: '::TIMESTAMPTZ' }];
  castCall.lastIndex = at;
  const open = castCall.exec(text);
  const close = open === null ? null : closingBracket(text, castCall.lastIndex);
  const { type } = (close === null ? null : typeAtEnd.exec(text.slice(at, close)))?.groups ?? {};
  if (close === null || type === undefined) return [];
  const start = text.slice(0, close).toLowerCase().lastIndexOf(type.toLowerCase());
  return [{ at: start, end: close + 1, text: `TIMESTAMPTZ)::${type}` }];
}

const literal = /'(?:[^']|'')*'/y;
const typeBefore = /\b(?<type>timestamp|datetime|date)\s*$/i;

/** Makes the text at an index a TIMESTAMPTZ; behind a type's name (`DATE '...'`) it becomes that type through TIMESTAMPTZ. */
export function literalEdits(text: string, at: number): Edit[] {
  literal.lastIndex = at;
  const found = literal.exec(text)?.[0];
  if (found === undefined) return [];
  const end = at + found.length;
  const typed = typeBefore.exec(text.slice(0, at));
  if (typed === null) return [{ at: end, end, text: '::TIMESTAMPTZ' }];
  return [{ at: typed.index, end, text: `CAST(TIMESTAMPTZ ${found} AS ${typed.groups?.type})` }];
}
