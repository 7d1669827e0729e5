import type { Key } from '../template/keys/key-table.ts';
import { readMapping, requireKeys } from '../template/keys/read-mapping.ts';
import type { Reading } from '../template/tree/reading.ts';
import type { Mapping, Tree } from '../template/tree/tree.ts';

/** A mapping held to these keys, the required ones included; null if it is none. `of` is its name in messages. */
export function keysOf(tree: Tree, of: string, keys: Readonly<Record<string, Key>>, reading: Reading): Mapping | null {
  const table = { of, keys: Object.values(keys) };
  const read = readMapping(tree, table, reading);
  if (read) requireKeys(tree, table, reading);
  return read;
}
