const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The cost of a piece of text in the unit of a limit. It must add up over pieces. */
export type Cost = (piece: string) => number;

/** UTF-16 units: at least as many as there are characters, in any count that a vendor may mean. */
function units(piece: string): number {
  return piece.length;
}

/** Bytes of the piece inside a JSON text. */
export function jsonBytes(piece: string): number {
  return Buffer.byteLength(JSON.stringify(piece)) - 2;
}

const mark = '…';

/**
 * Returns the text, or as much of its beginning as costs at most `limit` together with an ellipsis. It cuts between characters as people see them, so no emoji, accent
 * or surrogate pair is torn. A single character that costs more than the limit is left out.
 */
export function clip(text: string, limit: number, cost: Cost = units): string {
  if (cost(text) <= limit) return text;
  const room = limit - cost(mark);
  let [spent, end] = [0, 0];
  for (const { segment, index } of segmenter.segment(text)) {
    spent += cost(segment);
    if (spent > room) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end).trimEnd()}${mark}`;
}
