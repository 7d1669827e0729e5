import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clip, jsonBytes } from '../../../lib/alerts/text/clip.ts';
import { plainLine, plainText } from '../../../lib/alerts/text/plain-text.ts';

const family = '👨‍👩‍👧‍👦';

describe('cutting', () => {
  test('keeps a text that fits', () => {
    expect(clip('abc', 3)).toBe('abc');
  });

  test('never tears a character as people see it', () => {
    expect(clip(`ab${family}cd`, 6)).toBe('ab…');
    expect(clip('e\u0301e\u0301e\u0301', 5)).toBe('e\u0301e\u0301…');
    expect(clip('😀😀😀', 5)).toBe('😀😀…');
  });

  test('holds any limit in any unit, and yields a beginning of the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 3, max: 60 }), (raw, limit) => {
        const text = plainText(raw);
        for (const cost of [undefined, jsonBytes]) {
          const cut = clip(text, limit, cost);
          expect((cost ?? ((piece: string) => piece.length))(cut)).toBeLessThanOrEqual(limit);
          expect(cut === text || text.startsWith(cut.slice(0, -1))).toBe(true);
          expect(cut.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

describe('plain text', () => {
  test('has one kind of line break, no controls and no change of direction', () => {
    expect(plainText('one\r\ntwo\rthree\u2028four\u0085five')).toBe('one\ntwo\nthree\nfour\nfive');
    expect(plainText('\u202egnp.exe\u202c\u0000\u001b[31mred\u001b[0m')).toBe('gnp.exered');
    expect(plainText('\ud83d')).toBe('\ufffd');
  });

  test('keeps letters, emoji and tabs', () => {
    expect(plainText(`Grüße\t${family} שלום`)).toBe(`Grüße\t${family} שלום`);
    expect(plainLine('  a\n\n b\tc ')).toBe('a b c');
  });
});
