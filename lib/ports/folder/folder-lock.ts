import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlatformError } from '../../contract/errors.ts';
import { fromErrno } from '../errno.ts';

/** The longest wait for the lock. Sections take well under a millisecond, so a process that holds the lock this long is stopped, not busy. */
const patienceMs = 30_000;

/** SQLITE_BUSY. */
const busy = 5;

/**
 * A lock between processes on one machine. It is SQLite's lock on an empty database, and so a lock of the kernel. The kernel frees it when its holder dies,
 * even by `kill -9`. So there is never a stale lock to break, no process id to mistake, no file to time out.
 */
export class FolderLock {
  readonly #file: string;
  #database: DatabaseSync | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** Runs the section while no other process or store object runs one under the same file. The section is synchronous, so that it is short. */
  async hold<T>(section: () => T): Promise<T> {
    const database = this.#open();
    return this.#whenLocked(database, () => {
      try {
        return section();
      } finally {
        database.exec('ROLLBACK');
      }
    });
  }

  /** Runs longer work while no one else holds the lock. */
  async holdDuring<T>(work: () => Promise<T>): Promise<T> {
    // A separate connection: one connection is one holder, so calls of one process exclude each other too.
    const database = openDatabase(this.#file);
    try {
      await this.#whenLocked(database, () => undefined);
      return await work();
    } finally {
      database.close();
    }
  }

  /** Calls `then` in the very turn in which the lock is taken: calls of one process share a connection, and the next one may try in the next turn. */
  async #whenLocked<T>(database: DatabaseSync, then: () => T): Promise<T> {
    const deadline = Date.now() + patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      if (tryLock(database)) return then();
      if (Date.now() > deadline) {
        throw new PlatformError(
          `${this.#file} has been locked for ${patienceMs / 1000} s: is a process that uses it stopped?`,
        );
      }
      // The delay is random, so that waiters do not retry at the same time.
      await sleep(Math.random() * Math.min(20, 1 + attempt));
    }
  }

  #open(): DatabaseSync {
    this.#database ??= openDatabase(this.#file);
    return this.#database;
  }
}

const openDatabase = (file: string): DatabaseSync => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw fromErrno(error, `cannot lock ${file}`);
  }
};

const tryLock = (database: DatabaseSync): boolean => {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === busy) return false;
    throw fromErrno(error, 'cannot lock the store');
  }
};
