import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { localFolders } from '../../offline/kept/local-folders.ts';
import type { LogChunk, LogOwner, LogReader, LogWish } from './log-chunk.ts';

/** Bytes of a file that one read takes; of more, it takes the last ones. */
const mostBytes = 8 * 1024 * 1024;

interface KeptLog extends LogOwner {
  readonly file: string;
}

/** Reads the files that the offline engine keeps for a run. */
export function keptLog(storeFolder: string, wish: LogWish): LogReader {
  const folder = join(localFolders(storeFolder, wish.pipeline).logs, wish.runId);
  const offsets = new Map<string, number>();
  return {
    async read() {
      const chunks: LogChunk[] = [];
      for (const { file, ...owner } of await filesOf(folder, wish)) {
        const from = offsets.get(file);
        const { lines, cut, end } = await readLines(file, from ?? null);
        offsets.set(file, end);
        const shown = from === undefined ? lines.slice(-wish.most) : lines;
        if (lines.length > 0) chunks.push({ ...owner, lines: shown, cut: cut || shown.length < lines.length });
      }
      return chunks;
    },
  };
}

async function filesOf(folder: string, { step, attempt }: LogWish): Promise<KeptLog[]> {
  const executions = (await namesIn(folder)).filter((name) => /^[1-9]\d*$/.test(name));
  const found: KeptLog[] = [];
  for (const execution of executions.map(Number).sort((a, b) => a - b))
    for (const name of await namesIn(join(folder, String(execution)))) {
      const [, owner, number] = /^(.+)\.(\d+)\.log$/.exec(name) ?? [];
      if (owner === undefined || (step !== null && owner !== step)) continue;
      if (attempt !== null && Number(number) !== attempt) continue;
      found.push({ step: owner, execution, attempt: Number(number), file: join(folder, String(execution), name) });
    }
  return found.sort((a, b) => a.execution - b.execution || a.attempt - b.attempt);
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Whole lines from a position on; from null on, the last bytes of the file, at most so many. */
async function readLines(file: string, from: number | null) {
  const handle = await open(file).catch(() => null);
  if (!handle) return { lines: [], cut: false, end: from ?? 0 };
  try {
    const { size } = await handle.stat();
    const start = Math.max(from ?? 0, size - mostBytes);
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(Math.max(0, size - start)),
      position: start,
    });
    const bytes = buffer.subarray(0, bytesRead);
    const length = bytes.lastIndexOf(10) + 1;
    const lines = bytes.subarray(0, length).toString().split('\n').slice(0, -1);
    const cut = start > (from ?? 0);
    // The first line of a cut file may have lost its beginning.
    return { lines: cut ? lines.slice(1) : lines, cut, end: start + length };
  } finally {
    await handle.close();
  }
}
