import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writtenOffsets } from '../../../lib/compiler/template/tree/written-offsets.ts';

/** The text at the position that `writtenOffsets` gives for a word of the value. */
const found = (written: string, word: string): string => {
  const value = (parse(`x: ${written}`) as { x: string }).x;
  const start = value.indexOf(word);
  const offsets = writtenOffsets(written, value);
  return written.slice(offsets[start], (offsets[start + word.length - 1] ?? 0) + 1);
};

describe('a word of a YAML text', () => {
  test.each([
    ['plain text', 'SELECT wanted FROM b'],
    ['plain text over lines', 'SELECT a,\n    wanted\n    FROM b'],
    ['quotation marks', '"SELECT wanted FROM b"'],
    ['escapes', '"SELECT \\"\\u00fc\\n\\" wanted FROM b"'],
    ['apostrophes', "'SELECT ''x'' || wanted FROM b'"],
    ['a block', '|\n    SELECT x,\n      wanted\n    FROM b\n'],
    ['a block with a strip mark and a comment', '|- # here\n    SELECT x,\n\n      wanted\n    FROM b'],
    ['a folded block', '>\n    SELECT x,\n    y,\n\n    wanted\n    FROM b\n'],
    ['Windows lines', '|\r\n    SELECT x,\r\n      wanted\r\n    FROM b\r\n'],
    ['characters of two units', '"SELECT 🙂🙂, wanted FROM b"'],
  ])('is found in %s', (_, written) => {
    expect(found(written, 'wanted')).toBe('wanted');
  });

  test('has its end behind the last character', () => {
    expect(writtenOffsets('"ab"', 'ab')).toEqual([1, 2, 3]);
  });
});
