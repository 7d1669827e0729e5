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
