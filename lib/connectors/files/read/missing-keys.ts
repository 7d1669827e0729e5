import type { Column } from '../../../columns/column-type.ts';
import { ValidationError } from '../../../contract/errors.ts';
import type { FileRecord } from './file-record.ts';

type Records = readonly FileRecord<Readonly<Record<string, unknown>>>[];

/**
 * Watches for declared columns that no object of a file has; otherwise a renamed key would be null in every row without a word. `check` throws a
 * ValidationError that names them, unless the file has no objects or the columns are optional.
 */
export function missingKeys(file: string, columns: readonly Column[], optional: readonly string[] = []) {
  const unseen = new Set(columns.map(({ name }) => name).filter((name) => !optional.includes(name)));
  const others = new Set<string>();
  let objects = 0;
  const look = (object: object): void => {
    objects += 1;
    if (unseen.size === 0) return;
    for (const name of unseen) if (Object.hasOwn(object, name)) unseen.delete(name);
    if (others.size < 50) for (const key of Object.keys(object)) others.add(key);
  };
  return {
    async *watch<Batch extends Records>(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
      for await (const batch of batches) {
        for (const { values } of batch) if (values !== null) look(values);
        yield batch;
      }
    },
    check(): void {
      if (unseen.size === 0 || objects === 0) return;
      const missing = [...unseen].map((name) => `"${name}"`).join(', ');
      throw new ValidationError(
        `${file}: none of its ${objects} objects has ${missing}; they have ${[...others].join(', ').slice(0, 500)}. Correct the name, or list the column in "optional"`,
      );
    },
  };
}
