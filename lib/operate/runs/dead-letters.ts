import { deadLetterKey, deadLettersPrefix, type ExecutionRef, isRunId } from '../../contract/object-keys.ts';
import type { DeadLetter } from '../../contract/records/dead-letter.ts';
import type { ObjectStore } from '../../ports/ports.ts';
import { readIntact, readOrNote } from '../../runtime/records/json-objects.ts';

/** The dead letters of one execution, by step. */
export async function readDeadLetters(
  store: ObjectStore,
  ref: ExecutionRef,
  damaged: string[] = [],
): Promise<DeadLetter[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(deadLettersPrefix(ref))) keys.push(key);
  return readAllLetters(store, keys, damaged);
}

/** The dead letter with this id, `<pipeline>/<run>/<n>/<step>`, or null if there is none. The pipeline's name is optional. */
export async function readDeadLetter(store: ObjectStore, pipeline: string, id: string): Promise<DeadLetter | null> {
  const parts = id.split('/');
  const own = parts.length === 4 && parts[0] === pipeline ? parts.slice(1) : parts;
  const [run_id, number, step] = own;
  if (own.length !== 3 || !isRunId(run_id ?? '') || !/^[1-9]\d{0,8}$/.test(number ?? '')) return null;
  if (run_id === undefined || step === undefined || !isLetterName(step)) return null;
  return readIntact<DeadLetter>(store, deadLetterKey({ pipeline, run_id, execution: Number(number) }, step));
}

/** A step's name, or `_execution`. A typed id must not become a path. */
const isLetterName = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(name);

/** The dead letters at these keys, in order. `damaged` gets the keys of damaged ones. */
export async function readAllLetters(
  store: ObjectStore,
  keys: readonly string[],
  damaged: string[],
): Promise<DeadLetter[]> {
  const letters = await Promise.all(keys.map((key) => readOrNote<DeadLetter>(store, key, damaged)));
  return letters.filter((letter) => letter !== null);
}
