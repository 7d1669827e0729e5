import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editedText, indexBeforeEdits } from '../../lib/duckdb/edited-text.ts';

test('each character that no edit touches is found where it was', () => {
  const edits = fc.array(fc.record({ gap: fc.nat(6), length: fc.nat(4), text: fc.string({ maxLength: 5 }) }), {
    maxLength: 5,
  });
  fc.assert(
    fc.property(edits, (list) => {
      let at = 0;
      const placed = list.map(({ gap, length, text }) => {
        at += gap + 1;
        const edit = { at, end: at + length, text };
        at += length;
        return edit;
      });
      // Every character is another one, so that its index in both texts is certain.
      const text = Array.from({ length: at + 5 }, (_, i) => String.fromCharCode(0x4e00 + i)).join('');
      const edited = editedText(text, placed);
      for (const [index, character] of [...edited].entries()) {
        const before = text.indexOf(character);
        if (before >= 0) expect(indexBeforeEdits(index, placed)).toBe(before);
      }
    }),
  );
});
