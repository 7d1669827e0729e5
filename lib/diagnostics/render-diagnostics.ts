import { stripVTControlCharacters, styleText } from 'node:util';
import type { Diagnostic, Span } from './diagnostic.ts';
import { SourceFile } from './source-file.ts';

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Longer lines are cut around the position, so that a frame stays readable. */
const widest = 140;

/**
 * Draws diagnostics for people in the given order: position, code and message, then the lines of text with carets. `sources` maps file names to texts; a file
 * without a text gets no frame.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: { readonly color?: boolean } = {},
): string {
  const paint: Paint = (style, text) =>
    options.color === true ? styleText(style, text, { validateStream: false }) : text;
  const files = new Map<string, SourceFile>();
  const fileOf = (name: string): SourceFile | null => {
    const text = sources.get(name);
    if (text === undefined) return null;
    const file = files.get(name) ?? new SourceFile(name, withoutSecrets(text, diagnostics, name));
    files.set(name, file);
    return file;
  };
  return diagnostics.map((d) => renderOne(d, fileOf, paint)).join('\n');
}

/** The text with stars in place of values that may be secrets: frames reach the logs of builds. A message that shows its value says that it is none. */
function withoutSecrets(text: string, diagnostics: readonly Diagnostic[], name: string): string {
  const lines = text.split('\n');
  for (const { code, span, message } of diagnostics) {
    if (code !== 'BAD_SECRET' || span.file !== name) continue;
    const value = (lines[span.line - 1] ?? '').slice(span.column - 1, span.endColumn - 1);
    if (span.line === span.endLine && message.includes(value)) continue;
    for (let number = span.line; number <= span.endLine; number += 1) {
      const line = lines[number - 1] ?? '';
      const from = number === span.line ? span.column - 1 : 0;
      const to = number === span.endLine ? span.endColumn - 1 : line.length;
      lines[number - 1] = line.slice(0, from) + line.slice(from, to).replace(/\S/g, '*') + line.slice(to);
    }
  }
  return lines.join('\n');
}

const renderOne = (d: Diagnostic, fileOf: (name: string) => SourceFile | null, paint: Paint): string => {
  const hue = d.severity === 'error' ? 'red' : 'yellow';
  const word = d.severity === 'warning' ? 'warning: ' : '';
  const lines = [
    `${paint('bold', place(d.span))} ${paint(hue, d.code)} ${word}${clean(d.message)}`,
    ...frame(d.span, fileOf(d.span.file), (text) => paint(hue, text)),
  ];
  if (d.related) {
    lines.push(
      `  ${clean(d.related.message)}: ${place(d.related.span)}`,
      ...frame(d.related.span, fileOf(d.related.span.file), (text) => paint('cyan', text)),
    );
  }
  return `${lines.join('\n')}\n`;
};

const place = (span: Span): string => `${span.file}:${span.line}:${span.column}`;

/** Templates may come from strangers: their text must not control the terminal. */
const steering = /\p{Cc}|\p{Bidi_Control}/gu;

const clean = (text: string): string => stripVTControlCharacters(text).replace(/\s+/g, ' ').replace(steering, '\ufffd');

const frame = (span: Span, source: SourceFile | null, paint: (text: string) => string): string[] => {
  if (source === null) return [];
  const width = String(span.line).length;
  const row = (number: number | null, text: string): string =>
    `  ${(number === null ? '' : String(number)).padStart(width)} | ${text}`.trimEnd();
  const line = source.line(span.line);
  const from = span.column > widest ? span.column - widest / 2 : 0;
  const cut = (text: string): string => drawn(text.slice(from, from + widest));
  const end = span.endLine === span.line ? span.endColumn : line.length + 1;
  const carets = Math.max(1, Math.min(end, from + widest + 1) - span.column);
  const before = drawn(line.slice(from, span.column - 1));
  return [
    ...(span.line > 1 ? [row(span.line - 1, cut(source.line(span.line - 1)))] : []),
    row(span.line, cut(line)),
    row(null, ' '.repeat([...before].length) + paint('^'.repeat(carets))),
  ];
};

/** Draws each character as one column. */
const drawn = (text: string): string => text.replaceAll('\t', ' ').replace(steering, '\ufffd');
