import { closeSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { fromErrno, isMissing } from '../../ports/errno.ts';
import { type Journal, type JournalEntry, journalOf } from '../asl/journal.ts';

/** The time of a line, and the length of the history at that time. */
export interface JournalMark {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly events: number;
}

type Line = JournalMark & { readonly entry: JournalEntry };

/** The content of a journal's file: a line of JSON per entry. */
export interface WrittenJournal {
  readonly entries: readonly JournalEntry[];
  /** Of the last line; null when there is none. */
  readonly last: JournalMark | null;
  /** Bytes up to the end of the last whole line. */
  readonly bytes: number;
}

/** Reads a journal; a missing file is an empty journal. A part of a line at the end is a write that its writer's death cut off; it counts as not written. */
export function readJournal(path: string): WrittenJournal {
  const content = contentOf(path);
  const lines: Line[] = [];
  let bytes = 0;
  for (let end = content.indexOf(0x0a); end >= 0; end = content.indexOf(0x0a, bytes)) {
    const line = parse(content.toString('utf8', bytes, end));
    if (line === null) break;
    lines.push(line);
    bytes = end + 1;
  }
  return { entries: lines.map(({ entry }) => entry), last: lines.at(-1) ?? null, bytes };
}

/** A journal that is being written. */
export interface OpenJournal extends Journal {
  close(): void;
}

/**
 * Opens a journal to continue it. Entries are written at once and in order, so `kill -9` loses none that was recorded; a power cut may lose the last ones, and their work
 * is then done again.
 */
export function openJournal(path: string, mark: () => JournalMark): OpenJournal {
  const { entries, bytes } = readJournal(path);
  const file = openSync(path, 'a');
  truncateSync(path, bytes);
  const keep = (entry: JournalEntry): void => {
    const line = Buffer.from(`${JSON.stringify({ ...mark(), entry } satisfies Line)}\n`);
    try {
      for (let at = 0; at < line.length; ) at += writeSync(file, line, at);
    } catch (error) {
      throw fromErrno(error, `cannot write ${path}`);
    }
  };
  return { ...journalOf(entries, keep), close: () => closeSync(file) };
}

const contentOf = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
};

const parse = (text: string): Line | null => {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return null;
  }
};
