/** A `$name` in the text, at an index of the string. */
interface ScannedParameter {
  readonly name: string;
  readonly index: number;
}

export interface ScannedSql {
  readonly parameters: readonly ScannedParameter[];
  /** The index of the first semicolon outside strings, names and comments; the text's length if there is none. */
  readonly end: number;
}

/** The parser's tokens, as far as they matter here. Nested comments need a separate scan. */
const tokens = [
  String.raw`(?<comment>--[^\n]*)`,
  String.raw`(?<open>\/\*)`,
  String.raw`(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*'?)`,
  "(?<text>'(?:[^']|'')*'?)",
  '(?<quoted>"(?:[^"]|"")*"?)',
  String.raw`\$(?<tag>[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*|)\$`,
  String.raw`\$(?<parameter>[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)`,
  String.raw`(?<word>[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*)`,
  '(?<semicolon>;)',
  '(?<bracket>[()])',
].join('|');

/**
 * Finds the positions that DuckDB's parse tree lacks. It decides nothing about safety: DuckDB itself parses the text that runs, and a wrong scan causes an
 * error there.
 */
export function scanSql(text: string): ScannedSql {
  const scan = new RegExp(tokens, 'g');
  const parameters: ScannedParameter[] = [];
  let end = text.length;
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    const { open, tag, parameter, semicolon } = match.groups ?? {};
    if (parameter !== undefined) parameters.push({ name: parameter, index: match.index });
    if (semicolon !== undefined) end = Math.min(end, match.index);
    if (open !== undefined) scan.lastIndex = afterComment(text, match.index);
    if (tag !== undefined) scan.lastIndex = afterTag(text, match[0], scan.lastIndex);
  }
  return { parameters: parameters.filter(({ index }) => index < end), end };
}

/** Returns the index of the bracket that closes the one before `start`; null if none does. */
export function closingBracket(text: string, start: number): number | null {
  const scan = new RegExp(tokens, 'g');
  scan.lastIndex = start;
  let depth = 1;
  for (let match = scan.exec(text); match !== null; match = scan.exec(text)) {
    const { open, tag, bracket } = match.groups ?? {};
    if (bracket !== undefined) depth += bracket === '(' ? 1 : -1;
    if (depth === 0) return match.index;
    if (open !== undefined) scan.lastIndex = afterComment(text, match.index);
    if (tag !== undefined) scan.lastIndex = afterTag(text, match[0], scan.lastIndex);
  }
  return null;
}

function afterTag(text: string, tag: string, start: number): number {
  const close = text.indexOf(tag, start);
  return close < 0 ? text.length : close + tag.length;
}

/** Comments nest. */
const afterComment = (text: string, start: number): number => {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = start;
  let depth = 0;
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return text.length;
};
