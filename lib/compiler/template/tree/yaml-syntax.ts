import type { Document, ParsedNode, YAMLError } from 'yaml';
import type { DiagnosticCode } from '../../../diagnostics/diagnostic-codes.ts';
import type { Reading } from './reading.ts';

/** After one mistake the parser complains about much of the rest; only the first few messages help a person. */
const mostReported = 10;

/** Our words for the parser's complaints, where a hint helps. */
const inOurWords: Partial<Record<YAMLError['code'], { code: DiagnosticCode; message?: string }>> = {
  MULTIPLE_DOCS: {
    code: 'MULTIPLE_DOCUMENTS',
    message: 'a second YAML document begins here; a template is one document, so put each pipeline into its own file',
  },
  RESOURCE_EXHAUSTION: { code: 'TOO_DEEP', message: 'values are nested too deep to be read' },
  TAB_AS_INDENT: { code: 'YAML_SYNTAX', message: 'a tab is used to indent; YAML wants spaces' },
  BLOCK_AS_IMPLICIT_KEY: {
    code: 'YAML_SYNTAX',
    message:
      'a mapping cannot begin inside of a value; if the value is text with ": " in it, put it in quotation marks',
  },
};

/** Reports what the YAML parser found; false when the document cannot be used. */
export function reportSyntax(document: Document<ParsedNode, false> | Document.Parsed, reading: Reading): boolean {
  // A tag that nothing resolves is only a warning to the parser, but its value would silently be something else.
  const problems: YAMLError[] = [...document.errors, ...document.warnings];
  const exhausted = problems.find((problem) => problem.code === 'RESOURCE_EXHAUSTION');
  const seen = new Set<number>();
  for (const problem of exhausted ? [exhausted] : problems) {
    if (seen.has(problem.pos[0]) || seen.size >= mostReported) continue;
    seen.add(problem.pos[0]);
    const ours = inOurWords[problem.code];
    const message =
      ours?.message ?? `this is not YAML: ${problem.message.charAt(0).toLowerCase()}${problem.message.slice(1)}`;
    const [start, end] = problem.pos;
    const text = reading.source.text;
    const lineEnd = text.slice(start).search(/[\r\n]/);
    const stop = Math.min(end, lineEnd < 0 ? text.length : start + Math.max(lineEnd, 1));
    reading.say(ours?.code ?? 'YAML_SYNTAX', { start: Math.min(start, text.length), end: stop }, message);
  }
  return problems.length === 0;
}

/** Reports a `%YAML` line of another version: in YAML 1.1 `yes` is a flag and `010` is eight, so that values would silently be others. */
export function isYaml12(reading: Reading): boolean {
  const { text } = reading.source;
  const [line, version] = /^%YAML[ \t]+(\S+).*$/m.exec(text.split(/^---/m)[0] ?? '') ?? [];
  if (line === undefined || version === '1.2') return true;
  const start = text.indexOf(line);
  const message = `this line says YAML ${version}, but templates are read as YAML 1.2; remove it, and write true and false where flags are meant`;
  reading.say('YAML_SYNTAX', { start, end: start + line.length }, message);
  return false;
}
