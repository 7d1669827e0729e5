import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceFile } from '../../lib/diagnostics/source-file.ts';

test('lines end with LF, CRLF or CR', () => {
  const source = new SourceFile('f', 'ab\ncd\r\nef\rg');
  expect([0, 2, 3, 7, 10].map((offset) => source.position(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 3 },
    { line: 2, column: 1 },
    { line: 3, column: 1 },
    { line: 4, column: 1 },
  ]);
  expect([1, 2, 3, 4, 5, 0].map((line) => source.line(line))).toEqual(['ab', 'cd', 'ef', 'g', '', '']);
});

test('an offset outside the text is its nearer end', () => {
  const source = new SourceFile('f', 'ab');
  expect(source.span(-5, 99)).toEqual({ file: 'f', line: 1, column: 1, endLine: 1, endColumn: 3 });
  expect(source.span(2, 1)).toEqual({ file: 'f', line: 1, column: 3, endLine: 1, endColumn: 3 });
});

test('an offset inside a CRLF is its beginning, since no line has room behind its end', () => {
  const source = new SourceFile('f', '\r\na\r\n');
  expect([0, 1, 3, 4].map((offset) => source.position(offset))).toEqual([
    { line: 1, column: 1 },
    { line: 1, column: 1 },
    { line: 2, column: 2 },
    { line: 2, column: 2 },
  ]);
});

test('a position is the number of line breaks before it, and of characters since', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('a', 'ä', '\n', '😀'), { maxLength: 60 }),
      fc.nat({ max: 80 }),
      (parts, at) => {
        const text = parts.join('');
        const before = text.slice(0, at).split('\n');
        expect(new SourceFile('f', text).position(at)).toEqual({
          line: before.length,
          column: (before.at(-1) ?? '').length + 1,
        });
      },
    ),
  );
});
