import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import type { VisitExit } from '../../../lib/offline/asl/journal.ts';
import { openJournal, readJournal } from '../../../lib/offline/kept/journal-file.ts';

const exit = (visit: string, output: string): VisitExit => ({
  type: 'exit',
  visit,
  state: 'S',
  output,
  assigned: {},
  next: null,
});

async function file(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'daybreak-journal-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'journal.ndjson');
}

/** Writes entries as one life of the engine does; the time is the number of events. */
function write(path: string, entries: readonly VisitExit[]): void {
  let events = 0;
  const journal = openJournal(path, () => {
    events += 1;
    return { at: events * 1_000, events };
  });
  for (const entry of entries) journal.record(entry);
  journal.close();
}

test('a journal that does not exist is empty', async () => {
  expect(readJournal(join(await file(), 'none'))).toEqual({ entries: [], last: null, bytes: 0 });
});

test('what was recorded is there for the next life, and its own entries come behind it', async () => {
  const path = await file();
  write(path, [exit('0', 'a'), exit('1', 'b')]);
  const journal = openJournal(path, () => ({ at: 9_000, events: 9 }));
  expect(journal.exit('0')).toEqual(exit('0', 'a'));
  expect(journal.exit('2')).toBeNull();
  journal.record(exit('2', 'c'));
  journal.close();
  expect(readJournal(path)).toMatchObject({
    entries: [exit('0', 'a'), exit('1', 'b'), exit('2', 'c')],
    last: { at: 9_000, events: 9 },
  });
});

test('wherever a kill tears the file, the whole lines before it count, and what is written later is read', async () => {
  const path = await file();
  const entries = [exit('0', 'é'), exit('1', '"{\n}"'), exit('2', '')];
  write(path, entries);
  const whole = await readFile(path);
  const lines = whole.toString('utf8').split('\n');
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (length) => {
      await writeFile(path, whole.subarray(0, length));
      const kept = entries.filter((_, i) => Buffer.byteLength(lines.slice(0, i + 1).join('\n')) < length);
      expect(readJournal(path).entries).toEqual(kept);
      write(path, [exit('3', 'later')]);
      expect(readJournal(path).entries).toEqual([...kept, exit('3', 'later')]);
    }),
  );
});

test('a file system that filled a hole with zeros costs only what stood there', async () => {
  const path = await file();
  write(path, [exit('0', 'a')]);
  await appendFile(path, Buffer.from('\0\0\0\n'));
  expect(readJournal(path).entries).toEqual([exit('0', 'a')]);
});
