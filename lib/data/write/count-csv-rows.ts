const [quote, newline] = [0x22, 0x0a];

export interface CountedCsv {
  readonly rows: number;
  /** Bytes of the longest row. */
  readonly longest: number;
  /** Whether a field holds a line break. */
  readonly hasBrokenLines: boolean;
  /** Whether the last row has its line break, outside of quotes. */
  readonly isWhole: boolean;
}

/** Counts the rows of CSV by its line breaks outside of quotes; a doubled quote ends a quoted field and begins it again, so it needs no care. */
export function countCsvRows(bytes: Uint8Array): CountedCsv {
  let rows = 0;
  let longest = 0;
  let begin = 0;
  let isQuoted = false;
  let hasBrokenLines = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) isQuoted = !isQuoted;
    else if (byte === newline) {
      if (isQuoted) hasBrokenLines = true;
      else {
        rows += 1;
        if (at - begin > longest) longest = at - begin;
        begin = at + 1;
      }
    }
  }
  return { rows, longest, hasBrokenLines, isWhole: begin === bytes.length };
}

/** The same where the rows have been counted already, without a look at every byte: as much as can be said then. */
export function countedCsv(bytes: Uint8Array, rows: number): CountedCsv {
  return {
    rows,
    longest: bytes.length,
    hasBrokenLines: bytes.includes(quote),
    isWhole: bytes.length === 0 || bytes.at(-1) === newline,
  };
}
