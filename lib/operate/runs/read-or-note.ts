import { DamagedRecordError } from '../../contract/errors.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readJson } from '../../runtime/records/json-objects.ts';

/** Reads a record; null if it is missing or damaged. `damaged` gets the key of a damaged one, once. */
export async function readOrNote<T>(store: ObjectStore, key: string, damaged: string[]): Promise<T | null> {
  try {
    return await readJson<T>(store, key);
  } catch (error) {
    if (!(error instanceof DamagedRecordError)) throw error;
    if (!damaged.includes(key)) damaged.push(key);
    return null;
  }
}
