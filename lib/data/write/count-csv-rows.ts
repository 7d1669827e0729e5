const [quote, newline] = [0x22, 0x0a];

export interface CountedCsv {
  readonly rows: number;
  /** Bytes of the longest row. */
  readonly longest: number;
  /** True if a field holds a line break. */
  readonly hasBrokenLines: boolean;
  /** True if the last row ends with a line break outside quotes. */
  readonly isWhole: boolean;
}

/** Counts the rows of CSV by their line breaks outside quotes. A doubled quote ends a quoted field and begins it again, so it needs no special case. */
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

/** Describes CSV whose rows the caller has counted, without reading every byte. The rest of the answer assumes the worst. */
export function countedCsv(bytes: Uint8Array, rows: number): CountedCsv {
  return {
    rows,
    longest: bytes.length,
    hasBrokenLines: bytes.includes(quote),
    isWhole: bytes.length === 0 || bytes.at(-1) === newline,
  };
}
