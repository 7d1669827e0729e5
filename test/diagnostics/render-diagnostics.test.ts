import { expect, test } from 'vitest';
import type { Diagnostic } from '../../lib/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../lib/diagnostics/render-diagnostics.ts';

const at = (line: number, column: number, endColumn: number, endLine = line) => ({
  file: 'f.yaml',
  line,
  column,
  endLine,
  endColumn,
});
const error = (span: Diagnostic['span'], more: Partial<Diagnostic> = {}): Diagnostic => ({
  code: 'CODE',
  severity: 'error',
  message: 'it is wrong',
  span,
  ...more,
});
const render = (d: Diagnostic, text: string) => renderDiagnostics([d], new Map([['f.yaml', text]]));

test('place, code and message, then the line before, the line, and carets', () => {
  expect(render(error(at(2, 4, 7)), 'one\ntwo three\n')).toBe(
    'f.yaml:2:4 CODE it is wrong\n  1 | one\n  2 | two three\n    |    ^^^\n',
  );
});

test('a warning says so, and a second place has its own frame', () => {
  const related = { message: 'first defined here', span: at(1, 1, 4) };
  expect(render(error(at(10, 1, 1), { severity: 'warning', related }), `one${'\n'.repeat(9)}ten`)).toBe(
    'f.yaml:10:1 CODE warning: it is wrong\n   9 |\n  10 | ten\n     | ^\n  first defined here: f.yaml:1:1\n  1 | one\n    | ^^^\n',
  );
});

test('a place across several lines is marked in the first', () => {
  expect(render(error(at(1, 3, 2, 3)), 'abcd\nb\nc')).toBe('f.yaml:1:3 CODE it is wrong\n  1 | abcd\n    |   ^^\n');
});

test('tabs and wide characters do not move the carets', () => {
  expect(render(error(at(1, 6, 7)), '\t😀 ü x')).toBe('f.yaml:1:6 CODE it is wrong\n  1 |  😀 ü x\n    |     ^\n');
});

test('a long line is cut around the place', () => {
  const drawn = render(error(at(1, 501, 504)), `${'-'.repeat(500)}abc${'+'.repeat(500)}`).split('\n');
  expect(drawn[1]).toHaveLength(6 + 140);
  expect(drawn[1]?.slice(drawn[2]?.indexOf('^'), (drawn[2]?.lastIndexOf('^') ?? 0) + 1)).toBe('abc');
});

test('the content of a template cannot control the terminal', () => {
  const drawn = render(
    error(at(1, 1, 2), { message: 'bad \u001b[31mred\u001b[0m \u0007 \u202e' }),
    'a\u001b[2Jb\u202e',
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
  expect(drawn).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  expect(drawn).toContain('bad red');
});

test('colours are added around the same text', () => {
  const [plain, colored] = [false, true].map((color) =>
    renderDiagnostics([error(at(1, 1, 2))], new Map([['f.yaml', 'ab']]), { color }),
  );
  expect(colored).toContain('\u001b[31mCODE\u001b[39m');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes are control characters
  expect(colored?.replace(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('a file without a known text gets no frame', () => {
  expect(renderDiagnostics([error(at(1, 1, 2))], new Map())).toBe('f.yaml:1:1 CODE it is wrong\n');
});
