import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { errorNames } from '../../lib/contract/error-names.ts';

interface Line {
  readonly name: string;
  readonly rows: number;
  readonly error: string | null;
  readonly message: string | null;
}

const program = fileURLToPath(new URL('hostile-files-process.ts', import.meta.url));

/** The output of a process of a small function. execFile asserts that it ends by itself and without an error. */
const run = async (...args: string[]): Promise<{ readonly lines: Line[]; readonly peakMb: number }> => {
  const env = { ...process.env, AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512' };
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line & { readonly peakMb: number });
  const end = lines.pop();
  expect(end?.name).toBe('end');
  return { lines, peakMb: end?.peakMb ?? 0 };
};

test.each(['1', '2'])(
  'a file with changed bytes whose digest is right gives rows or an error that names it, and never a crash (%s)',
  async (seed) => {
    const { lines, peakMb } = await run('changed', seed, '300');
    expect(lines).toHaveLength(300);
    const failed = lines.filter(({ error }) => error !== null);
    expect(failed.length).toBeGreaterThan(50);
    for (const { error, message } of failed) {
      expect([errorNames.platform, errorNames.permanent]).toContain(error);
      expect(message).toContain('p/d/part-00000.parquet');
    }
    for (const { error, rows } of lines) if (error === null) expect(rows).toBe(3000);
    expect(peakMb).toBeLessThan(450);
  },
);

test('a file that claims to be much larger than it is costs no more memory than a function has', async () => {
  const { lines, peakMb } = await run('bombs');
  expect(lines).toEqual([
    { name: 'a gigabyte in little', rows: 1_000_000, error: null, message: null },
    {
      name: 'rows that the file does not have',
      rows: expect.any(Number),
      error: errorNames.platform,
      message: expect.stringMatching(/^p\/d\/part-00000.parquet is damaged: it /),
    },
    {
      name: 'a page of 2 GB',
      rows: 0,
      error: errorNames.platform,
      message: expect.stringMatching(/^p\/d\/part-00000.parquet is damaged: it cannot be read: /),
    },
  ]);
  expect(peakMb).toBeLessThan(450);
});
