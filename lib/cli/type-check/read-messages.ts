/** One error of the compiler, at its place. */
export interface CompilerMessage {
  /** As the compiler names it; null for an error of the settings. */
  readonly file: string | null;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const placed = /^(?<file>.*?)\((?<line>\d+),(?<column>\d+)\): error (?<code>TS\d+): (?<text>.*)$/;
const general = /^error (?<code>TS\d+): (?<text>.*)$/;

/** The errors in what `tsc --pretty false` prints; indented lines belong to the error before them. */
export function readMessages(output: string): CompilerMessage[] {
  const found: { file: string | null; line: number; column: number; code: string; texts: string[] }[] = [];
  for (const line of output.split(/\r?\n/)) {
    const groups = (placed.exec(line) ?? general.exec(line))?.groups;
    if (groups) {
      const { file = null, code = '', text = '' } = groups;
      found.push({ file, line: Number(groups.line ?? 1), column: Number(groups.column ?? 1), code, texts: [text] });
    } else if (line.startsWith(' ')) found.at(-1)?.texts.push(line.trim());
  }
  return found.map(({ code, texts, ...place }) => ({ ...place, message: `${sentence(texts)} (${code})` }));
}

/** The lines below the first say why; each is a sentence. */
const sentence = (texts: readonly string[]): string => texts.map((text) => text.replace(/\.$/, '')).join('; ');
