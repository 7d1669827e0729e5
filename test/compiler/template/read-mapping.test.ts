import { expect, test, vi } from 'vitest';
import { type KeyTable, key } from '../../../lib/compiler/template/keys/key-table.ts';
import { readMapping } from '../../../lib/compiler/template/keys/read-mapping.ts';
import { readYaml } from '../../../lib/compiler/template/tree/read-yaml.ts';
import { Reading } from '../../../lib/compiler/template/tree/reading.ts';
import { SourceFile } from '../../../lib/diagnostics/source-file.ts';

test('reading a mapping stores each entry a few times, however many keys it has', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `key_${index}`);
  const table: KeyTable = { of: 'a thing', keys: names.map((name) => key(name, 'a number', () => 1)) };
  const found: string[] = [];
  const text = names.map((name) => `${name}: 1\n`).join('');
  const reading = new Reading(new SourceFile('p.yaml', text), ({ message }) => found.push(message));
  const written = readYaml(reading);
  if (!written) throw new Error('the text is YAML');
  const set = vi.spyOn(Map.prototype, 'set');
  const mapping = readMapping(written, table, reading);
  const stored = set.mock.calls.length;
  set.mockRestore();
  expect(found).toEqual([]);
  expect([...(mapping?.entries.keys() ?? [])]).toEqual(names);
  expect(stored).toBeGreaterThanOrEqual(1_000);
  expect(stored).toBeLessThan(5_000);
});
