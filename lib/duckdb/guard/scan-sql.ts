/** A `$name` of the text, at an index of the string. */
interface ScannedParameter {
  readonly name: string;
  readonly index: number;
}

export interface ScannedSql {
  readonly parameters: readonly ScannedParameter[];
  /** Index of the first semicolon that is not part of a string, name or comment; the text's length where there is none. */
  readonly end: number;
}

/** What the parser takes as one token, as far as it matters here; nested comments are followed by hand. */
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
].join('|');

/**
 * Finds what DuckDB's parse tree has no positions for. It decides nothing about safety: what runs is a text that DuckDB itself has parsed, and a scan that went wrong
 * gives an error there.
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
    if (tag !== undefined) {
      const close = text.indexOf(match[0], scan.lastIndex);
      scan.lastIndex = close < 0 ? text.length : close + match[0].length;
    }
  }
  return { parameters: parameters.filter(({ index }) => index < end), end };
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
