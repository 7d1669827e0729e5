import { expect, test } from 'vitest';
import { DatasetWriter } from '../../lib/data/write/dataset-writer.ts';
import { MemoryObjectStore } from '../../lib/ports/memory/memory-object-store.ts';
import { dataPorts, readAll } from './data-ports.ts';

test.each(['file_row_number', 'FILE_ROW_NUMBER', 'filename', 'file_index', 'rowid', 'h', 'count', 'sum'])(
  'a column named %s is a column like any other, though DuckDB has one of that name',
  async (name) => {
    const digests: string[] = [];
    for (const values of [
      [5, 6],
      [6, 5],
    ]) {
      const ports = dataPorts(new MemoryObjectStore());
      const writer = new DatasetWriter(ports, {
        dataset: 'd',
        dataPrefix: 'run/',
        columns: { [name]: 'BIGINT', x: 'VARCHAR' },
      });
      await writer.append(values.map((value) => ({ [name]: value, x: 'a' })));
      const entry = await writer.close();
      expect(await readAll(ports, entry)).toEqual(values.map((value) => ({ [name]: value, x: 'a' })));
      digests.push(entry.content_digest);
    }
    expect(digests[0]).not.toBe(digests[1]);
  },
);
