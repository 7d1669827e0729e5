import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PermanentError } from '../../contract/errors.ts';
import { fromErrno, isMissing } from '../errno.ts';
import type { Clock, DeadLetterQueue, QueueMessage } from '../ports.ts';
import { makeFolder, syncFolder } from './synced-folder.ts';
import { TemporaryFiles } from './temporary-files.ts';

/** `<milliseconds>-<uuid>` names a message and sorts it by age. For a hidden message, `.<visible again at>.<uuid>` follows. */
const form = /^(?<id>\d{15}-[0-9a-f-]{36})(?:\.(?<until>\d+)\.[0-9a-f-]{36})?$/;

/**
 * A DeadLetterQueue in a folder: one file per message, whose name holds its state. Each change is one rename or unlink, and the file system lets exactly one
 * process win. So there is no lock. If a process dies at any point, its message stays complete and comes back.
 */
export class FolderDeadLetterQueue implements DeadLetterQueue {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #temporary: TemporaryFiles;
  #sent = 0;

  constructor(folder: string, clock: Clock) {
    this.#folder = resolve(folder);
    this.#clock = clock;
    this.#temporary = new TemporaryFiles(join(this.#folder, 'tmp'));
  }

  async send(body: string): Promise<void> {
    // Later than the previous message, so that messages of one millisecond keep their order.
    this.#sent = Math.max(this.#clock.now(), this.#sent + 1);
    const name = `${String(this.#sent).padStart(15, '0')}-${randomUUID()}`;
    try {
      await makeFolder(this.#folder);
      await this.#temporary.using(oneChunk(body), (path) => rename(path, join(this.#folder, name)));
      await syncFolder(this.#folder);
    } catch (error) {
      throw fromErrno(error, `cannot send to the queue in ${this.#folder}`);
    }
  }

  async receive(max: number, hideSeconds: number): Promise<readonly QueueMessage[]> {
    const now = this.#clock.now();
    const messages: QueueMessage[] = [];
    try {
      for (const name of await this.#names()) {
        if (messages.length >= max) break;
        const { id, until } = form.exec(name)?.groups ?? {};
        if (id === undefined || (until !== undefined && Number(until) > now)) continue;
        const message = await this.#claim(name, `${id}.${now + Math.round(hideSeconds * 1000)}.${randomUUID()}`);
        if (message !== null) messages.push(message);
      }
    } catch (error) {
      throw fromErrno(error, `cannot receive from the queue in ${this.#folder}`);
    }
    return messages;
  }

  async delete(receipt: string): Promise<void> {
    if (!form.test(receipt)) throw new PermanentError(`"${receipt}" is not a receipt of this queue`);
    try {
      // The file is gone if the message was deleted, or became visible and was received again. Then it no longer belongs to this receiver.
      await rm(join(this.#folder, receipt), { force: true });
    } catch (error) {
      throw fromErrno(error, `cannot delete from the queue in ${this.#folder}`);
    }
  }

  async release(receipt: string): Promise<void> {
    const id = form.exec(receipt)?.groups?.id;
    if (id === undefined) throw new PermanentError(`"${receipt}" is not a receipt of this queue`);
    try {
      await rename(join(this.#folder, receipt), join(this.#folder, id));
    } catch (error) {
      if (!isMissing(error)) throw fromErrno(error, `cannot release a message of the queue in ${this.#folder}`);
    }
  }

  async #names(): Promise<string[]> {
    try {
      return (await readdir(this.#folder)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
  }

  /** Claims a message; null if another receiver was faster. */
  async #claim(name: string, receipt: string): Promise<QueueMessage | null> {
    const path = join(this.#folder, receipt);
    try {
      await rename(join(this.#folder, name), path);
      return { body: await readFile(path, 'utf8'), receipt };
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }
}

async function* oneChunk(body: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(body);
}
