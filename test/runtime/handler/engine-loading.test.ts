import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const fixtures = fileURLToPath(new URL('../fixtures.ts', import.meta.url));

/** True if DuckDB's library is mapped into a process that has run one step with this handler. */
const loads = async (handler: string): Promise<boolean> => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { aStep, attempt, memoryWorld } from ${JSON.stringify(fixtures)};
    await attempt(memoryWorld(), { step: aStep('a') }, ${handler});
    console.log(/duckdb/i.test(readFileSync('/proc/self/maps', 'utf8')));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  return stdout.trim() === 'true';
};

test.runIf(process.platform === 'linux')(
  'a step that uses no datasets never loads DuckDB; one that does loads it',
  async () => {
    const plain = `async (step) => {
    await step.file('page.html', 'text');
    await step.once('sent', () => undefined);
    step.sql('SELECT 1 AS one');
    return step.input;
  }`;
    expect(await loads(plain)).toBe(false);
    expect(await loads(`(step) => step.write('d', [{ id: 1 }], { columns: { id: 'BIGINT' } })`)).toBe(true);
  },
);
