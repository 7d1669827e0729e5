import { writeFileSync } from 'node:fs';
import { appendFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from '../../contract/errors.ts';

/** Characters that the spool collects before it writes them to disk. */
const pieceChars = 256 * 1024;

/** Most bytes of one string character in UTF-8. */
const mostBytes = 3;

/** An upper bound. It is exact only for long lines, because DuckDB needs memory for several of the longest row. */
const bytesOf = (line: string): number =>
  line.length * mostBytes < pieceChars ? line.length * mostBytes : Buffer.byteLength(line);

/** Counts for the whole process, so that no two files have the same name. */
let made = 0;

/** Collects rows as text in a local file until they are enough for a part. */
export class Spool {
  readonly file: string;
  /** JSON lines, or CSV. */
  readonly form: 'json' | 'csv';
  #piece = '';
  rows = 0;
  bytes = 0;
  /** No row has more bytes than this. */
  longest = 0;
  /** True if a CSV field holds a line break. */
  hasBrokenLines = false;
  /** True if the source of all CSV guarantees the forms of its plain columns. */
  isExact = true;

  /** Makes an empty spool in this folder, for rows of this dataset. */
  constructor(folder: string, dataset: string, form: Spool['form']) {
    made += 1;
    this.file = join(folder, `${dataset}-${made}.${form}`);
    this.form = form;
  }

  /** Adds one line of JSON. Returns true when it is time to flush. */
  add(line: string): boolean {
    this.#piece += line;
    this.rows += 1;
    if (line.length * mostBytes > this.longest) this.longest = Math.max(this.longest, bytesOf(line));
    return this.#piece.length >= pieceChars;
  }

  /** Writes the added lines. */
  async flush(): Promise<void> {
    if (this.#piece === '') return;
    const bytes = Buffer.from(this.#piece);
    this.#piece = '';
    await this.write(bytes);
  }

  /** Writes bytes after the flushed lines. */
  async write(bytes: Uint8Array): Promise<void> {
    try {
      await appendFile(this.file, bytes);
    } catch (error) {
      throw scratchIsFull(error) ?? error;
    }
    this.bytes += bytes.length;
  }

  /**
   * Writes the added lines when no more follow. If the file is still empty, it writes synchronously, which saves small datasets several turns of the event
   * loop.
   */
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

  /** Removes the file, if it exists. */
  async remove(): Promise<void> {
    if (this.bytes > 0) await unlink(this.file).catch(() => {});
  }
}

/** Returns an error that says how to get more room, if room is missing. */
const scratchIsFull = (cause: unknown): PermanentError | null =>
  cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC'
    ? new PermanentError(
        'the scratch folder is full: give the step more room with ephemeral_storage_mb (512 to 10240)',
        { cause },
      )
    : null;
