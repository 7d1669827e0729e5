import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { through } from './json-chain.ts';

const program = fileURLToPath(new URL('random-documents.py', import.meta.url));

const python = (args: readonly string[], input = ''): string => {
  const { stdout, stderr, status } = spawnSync('python3', [program, ...args], {
    input,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython)(
  "documents of Python's own making, in any spelling, arrive with the values that Python reads (skipped without Python)",
  async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const documents = python(['write', String(seed), '150'])
      .trimEnd()
      .split('\n');
    const pairs: string[] = [];
    for (const items of documents)
      pairs.push(JSON.stringify({ sent: `[${items}]`, arrived: `[${await through(items)}]` }));
    expect(pairs.length).toBe(150);
    expect(python(['compare'], pairs.join('\n')).trimEnd(), `seed ${seed}`).toBe('equal');
  },
);
