import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatasetEntry } from '../../../lib/contract/records/dataset.ts';
import type { Session } from '../../../lib/duckdb/session.ts';
import type { ObjectStore } from '../../../lib/ports/ports.ts';
import type { Invocation } from '../../../lib/runtime/invocation.ts';

let sessions = 0;
const scratch = mkdtempSync(join(tmpdir(), 'text-engine-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

/**
 * Stands for the query engine where the real code is run many thousand times: a part is its lines of JSON as they are, and the sums over them are made of each line and its number.
 * It knows the two statements that writing rows takes.
 */
export const textEngine: NonNullable<Invocation['openEngine']> = async () => ({
  async session() {
    sessions += 1;
    const folder = join(scratch, String(sessions));
    mkdirSync(folder);
    const session: Pick<Session, 'folder' | 'run' | 'all' | 'close'> = {
      folder,
      async run(sql) {
        const [, from = '', to = ''] = /read_json\('([^']+)'.* TO '([^']+)'/.exec(sql) ?? [];
        writeFileSync(to, readFileSync(from));
      },
      async all(sql) {
        const [, before = '', file = ''] = /file_row_number \+ (\d+).*read_parquet\('([^']+)'/.exec(sql) ?? [];
        const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
        const sum = lines.reduce((total, line, index) => total + (Number(before) + index) * numberOf(line), 0);
        return [{ count: BigInt(lines.length), sum: BigInt(sum), mixed: BigInt(3 * sum) }];
      },
      close: async () => rmSync(folder, { recursive: true, force: true }),
    };
    return session as Session;
  },
});

const numberOf = (line: string): number => [...line].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 65_521, 7);

/** The rows of a dataset that was written with it. */
export async function textRows(store: ObjectStore, entry: DatasetEntry): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  for (const { key } of entry.parts)
    lines.push(
      ...Buffer.from((await store.get(key))?.body ?? '')
        .toString()
        .trimEnd()
        .split('\n'),
    );
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
