import { writeFileSync } from 'node:fs';
import { appendFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '../../contract/errors.ts';

/** Characters that are collected before they go to the disk. */
const pieceChars = 256 * 1024;

/** Of one character of a string in UTF-8. */
const mostBytes = 3;

/** At most: exactly only where it matters, since DuckDB needs memory for several of the longest row. */
const bytesOf = (line: string): number =>
  line.length * mostBytes < pieceChars ? line.length * mostBytes : Buffer.byteLength(line);

/** Of this process, so that no two have one name. */
let made = 0;

/** Rows as text in a local file, until there are enough of them for a part. */
export class Spool {
  readonly file: string;
  /** JSON lines, or CSV. */
  readonly form: 'json' | 'csv';
  #piece = '';
  rows = 0;
  bytes = 0;
  /** No row has more bytes than this. */
  longest = 0;
  /** Whether a CSV field holds a line break. */
  hasBrokenLines = false;
  /** Whether the source of all CSV made sure of the forms of its plain columns. */
  isExact = true;

  /** An empty one in this folder, for rows of this dataset. */
  constructor(folder: string, dataset: string, form: Spool['form']) {
    made += 1;
    this.file = join(folder, `${dataset}-${made}.${form}`);
    this.form = form;
  }

  /** Takes one line of JSON. True when it is time to flush. */
  add(line: string): boolean {
    this.#piece += line;
    this.rows += 1;
    if (line.length * mostBytes > this.longest) this.longest = Math.max(this.longest, bytesOf(line));
    return this.#piece.length >= pieceChars;
  }

  /** Writes what was added. */
  async flush(): Promise<void> {
    if (this.#piece === '') return;
    const bytes = Buffer.from(this.#piece);
    this.#piece = '';
    await this.write(bytes);
  }

  /** Writes bytes behind what was added and flushed. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await appendFile(this.file, bytes);
    } catch (error) {
      throw scratchIsFull(error) ?? error;
    }
    this.bytes += bytes.length;
  }

  /** Writes what was added when no more will be: at once if it is all that there is, which spares small datasets several turns of the event loop. */
  async end(): Promise<void> {
    if (this.bytes > 0) return this.flush();
    const bytes = Buffer.from(this.#piece);
    this.#piece = '';
    this.bytes = bytes.length;
    try {
      writeFileSync(this.file, bytes);
    } catch (error) {
      throw scratchIsFull(error) ?? error;
    }
  }

  /** Removes the file, if there is one yet. */
  async remove(): Promise<void> {
    if (this.bytes > 0) await unlink(this.file).catch(() => {});
  }
}

/** The error that says how to get more room, if that is what is missing. */
const scratchIsFull = (cause: unknown): PermanentError | null =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    ? new PermanentError(
        'the scratch folder is full: give the step more room with ephemeral_storage_mb (512 to 10240)',
        { cause },
      )
    : null;
